/** Requests of the bot to LINE and webhooks of LINE to the bot, as they happen. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { get, post, remove } from "../api";
import { bots, connected, heard } from "../state";
import { gathered } from "./bench";
import { Json } from "./json";
import { attempt, Button, clockTime, Copy, Empty, Long, millis, Pill, type Tone } from "./kit";
import { bodyOf, curl, events, fine, fits, gist, grown, MOST, signature, type Filter } from "./logs";
import type { Logged } from "./shapes";
import { say } from "./words";
import { Windowed } from "./window";

const log = signal<readonly Logged[]>([]);
const filter = signal<Filter>({ way: "", status: "", text: "" });
const opened = signal<ReadonlySet<number>>(new Set());
const shown = computed(() => log.value.filter((one) => fits(one, filter.value)));

const EVERY = 2_000;
let asking: Promise<void> | null = null;

/** Ask for what is new since the last line known. Requests that change nothing are not in the stream. */
async function ask(): Promise<void> {
  const last = log.value[0]?.n ?? 0;
  try {
    const found = (await get<{ log: Logged[] }>(`/log?after=${last}&limit=${MOST}`)).log;
    log.value = grown(log.value, found);
  } catch {
    // the page's head says that the simulator is away; the next try comes by itself
  }
}

function news(): Promise<void> {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

async function anew(): Promise<void> {
  await asking;
  log.value = [];
  await news();
}

/** While the tab is in view. */
function watch(): () => void {
  const soon = gathered(() => void news(), 80);
  const polling = setInterval(() => void news(), EVERY);
  const changes = effect(() => {
    const change = heard.value;
    if (change?.kind === "reset") untracked(() => void anew());
    else soon();
  });
  let wasUp = connected.peek();
  const back = effect(() => {
    if (connected.value && !wasUp) untracked(() => void anew());
    wasUp = connected.value;
  });
  return () => {
    clearInterval(polling);
    changes();
    back();
  };
}

export function LogTab() {
  useEffect(watch, []);
  const { way, status, text } = filter.value;
  const set = (part: Partial<Filter>) => (filter.value = { ...filter.value, ...part });
  return (
    <div class="insp-tab">
      <div class="insp-bar">
        <select class="insp-select" aria-label={say("way")} value={way} onChange={(event) => set({ way: event.currentTarget.value as Filter["way"] })}>
          <option value="">{say("allWays")}</option>
          <option value="api">{say("wayApi")}</option>
          <option value="webhook">{say("wayWebhook")}</option>
        </select>
        <select class="insp-select" aria-label={say("status")} value={status} onChange={(event) => set({ status: event.currentTarget.value as Filter["status"] })}>
          <option value="">{say("anyStatus")}</option>
          <option value="ok">2xx</option>
          <option value="bad">{say("notOk")}</option>
        </select>
        <input
          class="input insp-grow"
          type="search"
          placeholder={say("filterText")}
          aria-label={say("filterText")}
          value={text}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
        <span class="insp-soft insp-count">
          {shown.value.length === log.value.length ? log.value.length : `${shown.value.length} / ${log.value.length}`}
        </span>
        <Button onClick={() => attempt(() => remove("/log").then(() => (log.value = [])))}>{say("clear")}</Button>
      </div>
      {shown.value.length ? (
        <Windowed items={shown.value} name={(one) => String(one.n)} guess={44} label={say("tabLog")} draw={(one) => <Line one={one} />} />
      ) : (
        <Empty>{log.value.length ? say("nothingFits") : say("noLog")}</Empty>
      )}
    </div>
  );
}

const toned = (one: Logged): Tone => (fine(one) ? "good" : one.status >= 400 || one.status === 0 ? "bad" : "warn");

/** The path without its host, which is the same for all of a bot's webhooks. */
const bare = (path: string) => path.replace(/^https?:\/\/[^/]+/, "");

function Line({ one }: { one: Logged }) {
  const open = opened.value.has(one.n);
  const toggle = () => {
    const next = new Set(opened.value);
    if (!next.delete(one.n)) next.add(one.n);
    opened.value = next;
  };
  return (
    <article class="insp-log">
      <button type="button" class="insp-log-head" aria-expanded={open} onClick={toggle}>
        <time>{clockTime(one.at)}</time>
        <span class="insp-way" title={say(one.way === "api" ? "wayApi" : "wayWebhook")}>
          {one.way === "api" ? "→ LINE" : "→ bot"}
        </span>
        <Pill tone={toned(one)}>{one.status || "—"}</Pill>
        <span class="insp-log-path">
          <b>{one.method}</b> {bare(one.path)} <span class="insp-soft">{gist(one)}</span>
        </span>
        <span class="insp-ms">{millis(one.ms)}</span>
      </button>
      {fine(one) ? null : <p class="insp-log-outcome insp-bad">{one.outcome}</p>}
      {open ? <Bodies one={one} /> : null}
    </article>
  );
}

/** The line as a command that works here: with the simulator's own token, or signed as a webhook. */
async function command(one: Logged): Promise<string> {
  const account = bots.value.find(({ name }) => name === one.bot);
  const body = bodyOf(one);
  const own: Record<string, string> = {};
  if (one.way === "webhook" && account?.channel_secret) own["x-line-signature"] = await signature(account.channel_secret, body);
  else if (one.way === "api" && account?.access_token) own.authorization = `Bearer ${account.access_token}`;
  return curl(one, location.origin, own);
}

function Bodies({ one }: { one: Logged }) {
  const ids = events(one);
  const again = (duplicate: boolean) => attempt(() => post("/webhooks/redeliver", { events: ids, duplicate }).then(news));
  return (
    <div class="insp-log-body">
      <p class="insp-facts insp-soft">
        <span>{one.bot}</span>
        <span>{one.outcome}</span>
        {one.request_id ? <span class="insp-mono">x-line-request-id: {one.request_id}</span> : null}
      </p>
      {one.headers ? <Json value={one.headers} open={1} /> : one.way === "webhook" ? <Signed one={one} /> : null}
      <p class="insp-actions">
        <Copy text={() => command(one)} words={say("copyCurl")} />
        {ids.length ? (
          <>
            <Button onClick={() => again(false)}>{say("redeliver")}</Button>
            <Button onClick={() => again(true)}>{say("sendTwice")}</Button>
          </>
        ) : null}
      </p>
      <Body title={say("request")} value={one.request} />
      <Body title={say("response")} value={one.response} />
    </div>
  );
}

/** The signature of the body as it stands here; the log keeps none. */
function Signed({ one }: { one: Logged }) {
  const [found, setFound] = useState("");
  const secret = bots.value.find(({ name }) => name === one.bot)?.channel_secret;
  useEffect(() => {
    if (secret) void signature(secret, bodyOf(one)).then(setFound);
  }, [one, secret]);
  if (!found) return null;
  return (
    <p class="insp-facts insp-soft" title={say("signatureHint")}>
      <span class="insp-mono">x-line-signature: {found}</span>
    </p>
  );
}

function Body({ title, value }: { title: string; value: unknown }) {
  if (value === "" || value === null || value === undefined) return null;
  return (
    <section class="insp-part">
      <h4>{title}</h4>
      <div>{typeof value === "string" ? <Long text={value} /> : <Json value={value} open={5} />}</div>
    </section>
  );
}
