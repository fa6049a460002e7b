/** The cases of a view: only the rows near the view stand in the page, and news of one redraws one row. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Avatar } from "../phone/avatar";
import { bulk, chatAct, claim, open, presence, queueTitle } from "./acts";
import { explain, get, listOf, name } from "./api";
import { heat, keyOf, span, WAITS, type Known } from "./cases";
import { draftOf } from "./drafts";
import { Icon } from "./icons";
import { Label } from "./label";
import "./list.css";
import { load } from "./live";
import { lastOf } from "./lastwords";
import { agentName, agents, caseOf, checked, labels, leads, listed, me, myId, now, over, placed, saved, selected, sieve, status, view, writing } from "./state";
import { Presence } from "./nav";
import { unreadOf } from "./seen";
import { Found, searching } from "./search";
import { moment, say, told, type Word } from "./words";

const ROW = 76;
const OVER = 6;

export function CaseList() {
  return (
    <section class="desk-list" aria-label={say("chats")}>
      <Head />
      {searching.value ? <Found /> : view.value.kind === "bot" ? <BotChats /> : <Rows key={keyOf(view.value)} />}
      {checked.value.size > 0 && <Bulk />}
    </section>
  );
}

export function viewTitle(): string {
  const at = view.value;
  if (at.kind === "queue") return queueTitle(at.queue);
  if (at.kind === "saved") return at.title;
  const words: Record<string, Word> = { offline: "left_messages", bot: "bots_chats" };
  return say(words[at.kind] ?? (at.kind as Word));
}

function Head() {
  const typed = sieve.value.words;
  const at = view.value;
  return (
    <header class="list-head">
      <h1>
        {viewTitle()}
        <span class="list-number">{view.value.kind === "bot" ? "" : listed.value.length}</span>
        <Presence />
      </h1>
      <label class="list-search">
        <Icon name="search" size={16} />
        <span class="hidden-text">{say("search")}</span>
        <input
          id="desk-search"
          type="search"
          placeholder={say("search_hint")}
          value={typed}
          onInput={(event) => {
            sieve.value = { ...sieve.value, words: event.currentTarget.value };
            searching.value = "";
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") searching.value = typed.trim();
            if (event.key === "Escape") {
              searching.value = "";
              sieve.value = { ...sieve.value, words: "" };
              event.currentTarget.blur();
            }
          }}
        />
      </label>
      {["all", "waiting", "closed"].includes(at.kind) && (
        <div class="list-sieve">
          <Pick label={say("queue")} value={sieve.value.queue ?? ""} choose={(queue) => (sieve.value = { ...sieve.value, queue })}>
            {(me.value?.queues ?? []).filter((q) => q.mine).map((q) => [q.id, q.title])}
          </Pick>
          <Pick label={say("agent")} value={sieve.value.agent ?? ""} choose={(agent) => (sieve.value = { ...sieve.value, agent })}>
            {agents.value.map((one) => [one.id, one.name])}
          </Pick>
          <Pick label={say("priority")} value={sieve.value.priority ?? ""} choose={(priority) => (sieve.value = { ...sieve.value, priority })}>
            {["urgent", "high", "normal", "low"].map((one) => [one, told(`prio_${one}`)])}
          </Pick>
          <Pick label={say("label")} value={sieve.value.label ?? ""} choose={(label) => (sieve.value = { ...sieve.value, label })}>
            {labels.value.map((one) => [one, one])}
          </Pick>
          <button type="button" class="button-plain" title={say("save_view")} aria-label={say("save_view")} onClick={() => (over.value = "save_view")}>
            <Icon name="plus" size={16} />
          </button>
        </div>
      )}
      {at.kind === "saved" && saved.value.some((one) => one.id === at.id) && (
        <button type="button" class="list-forget" onClick={() => (over.value = "forget_view")}>
          {say("forget_view")}
        </button>
      )}
    </header>
  );
}

interface PickProps {
  label: string;
  value: string;
  choose: (value: string) => void;
  children: readonly (readonly (string | undefined)[])[];
}

function Pick({ label, value, choose, children }: PickProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">{label}</option>
      {children.map(([id, title]) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
}

function Rows() {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(800);
  const ids = listed.value;
  useLayoutEffect(() => {
    const at = box.current;
    if (!at) return;
    const watch = new ResizeObserver(() => (height.value = at.clientHeight));
    watch.observe(at);
    return () => watch.disconnect();
  }, []);
  // The chosen row stays in sight when keys move the choice.
  useEffect(() => {
    const index = listed.peek().indexOf(selected.value);
    const at = box.current;
    if (index < 0 || !at) return;
    if (index * ROW < at.scrollTop) at.scrollTop = index * ROW;
    else if ((index + 1) * ROW > at.scrollTop + at.clientHeight) at.scrollTop = (index + 1) * ROW - at.clientHeight;
  }, [selected.value]);
  const from = Math.max(0, Math.floor(top.value / ROW) - OVER);
  const to = Math.min(ids.length, Math.ceil((top.value + height.value) / ROW) + OVER);
  const more = ["closed", "offline", "all"].includes(view.value.kind) && ids.length >= 100;
  const oldest = (): number => Math.min(...ids.map((id) => caseOf(id)?.peek().changed ?? Infinity));
  return (
    <div ref={box} class="list-rows" role="list" aria-label={viewTitle()} onScroll={(event) => (top.value = event.currentTarget.scrollTop)}>
      {ids.length === 0 && <Nothing />}
      <div style={{ height: `${ids.length * ROW}px`, position: "relative" }}>
        {ids.slice(from, to).map((id, index) => (
          <CaseRow key={id} id={id} top={(from + index) * ROW} number={from + index + 1} of={ids.length} />
        ))}
      </div>
      {more && (
        <button type="button" class="button list-more" onClick={() => void load(view.value, oldest())}>
          {say("load_older")}
        </button>
      )}
    </div>
  );
}

function Nothing() {
  const kind = view.value.kind;
  if (["mine", "offers"].includes(kind) && status.value !== "online" && !sieve.value.words) {
    return (
      <div class="list-nothing">
        <p>{say("not_online")}</p>
        <button type="button" class="button button-main" onClick={() => void presence("online")}>
          {say("go_online")}
        </button>
      </div>
    );
  }
  return (
    <p class="list-nothing">
      {say(sieve.value.words ? "nothing_found" : kind === "mine" ? "nothing_mine" : kind === "offers" ? "nothing_offers" : "nothing_here")}
    </p>
  );
}

function CaseRow({ id, top, number, of }: { id: string; top: number; number: number; of: number }) {
  const one = caseOf(id)?.value;
  const here = useComputed(() => selected.value === id);
  const unread = useComputed(() => { const at = caseOf(id)?.value; return at ? unreadOf(at) : 0; });
  const marked = useComputed(() => checked.value.has(id));
  const unsent = useComputed(() => Boolean(one && draftOf(one.session).text));
  if (!one) return null;
  const mark = (): void => {
    const next = new Set(checked.value);
    if (!next.delete(id)) next.add(id);
    checked.value = next;
  };
  return (
    <div
      class={`case ${here.value ? "is-here" : ""} ${unread.value && one.agent === myId.value ? "is-unread" : ""} is-${one.state}`}
      style={{ transform: `translateY(${top}px)` }}
      role="listitem"
      aria-posinset={number}
      aria-setsize={of}
      data-case={id}
    >
      <label class="case-check">
        <span class="hidden-text">{say("choose_case", one.subject)}</span>
        <input type="checkbox" checked={marked.value} onChange={mark} />
      </label>
      <button type="button" class="case-open" aria-current={here.value ? "true" : undefined} onClick={() => open(id)}>
        <span class="case-face">
          <Avatar id={one.contact || one.session} name={one.subject || "?"} {...(one.picture && { picture: one.picture })} size={40} />
          {one.group && (
            <span class="case-group" title={say("group")}>
              <Icon name="people" size={11} />
            </span>
          )}
        </span>
        <span class="case-words">
          <span class="case-top">
            <b>{one.subject || say("nameless")}</b>
            {one.priority !== "normal" && <Flag one={one} />}
            <Wait one={one} />
          </span>
          <span class="case-last">
            <Writing id={id} otherwise={unsent.value ? `✎ ${draftOf(one.session).text}` : lastOf(one) || say("no_words")} draft={unsent.value} />
            {unread.value > 0 && <b class="count count-hot">{unread.value}</b>}
          </span>
          <span class="case-foot">
            <i class={`state is-${one.state}`}>{told(`state_${one.state}`)}</i>
            {!["mine", "queue"].includes(view.value.kind) && <i>{queueTitle(one.queue)}</i>}
            {one.agent && one.agent !== myId.value && <i>{agentName(one.agent)}</i>}
            {!one.reachable && <i class="is-bad">{say("unreachable")}</i>}
            {one.labels.slice(0, 2).map((label) => (
              <Label key={label} name={label} />
            ))}
            {one.labels.length > 2 && <i>+{one.labels.length - 2}</i>}
          </span>
        </span>
      </button>
      {WAITS.includes(one.state) && one.offer?.agent !== myId.value && (
        <button type="button" class="case-take" onClick={() => void claim(id)}>
          {say("take")}
        </button>
      )}
    </div>
  );
}

function Flag({ one }: { one: Known }) {
  const word = told(`prio_${one.priority}`);
  return (
    <span class={`flag is-${one.priority}`} title={word}>
      <Icon name="flag" size={13} />
      <span class="hidden-text">{word}</span>
    </span>
  );
}

/** How long an answer has been owed; ticks by itself, so that the row around it need not be drawn again. */
export function Wait({ one }: { one: Known }) {
  const mode = me.value?.workstreams.find((stream) => stream.id === one.workstream)?.mode ?? "async";
  if (!one.owed) return <time class="wait">{ago(one.changed || one.since)}</time>;
  const waited = now.value - one.owed;
  return (
    <time class={`wait is-${heat(waited, mode)}`} title={say("waits_since", moment(one.owed))}>
      {span(waited)}
    </time>
  );
}

function ago(at: number): string {
  const since = now.value - at;
  if (since < 60_000) return say("just_now");
  return since < 86_400_000 ? span(since).replace(/:\d\d$/, "") + (since < 3_600_000 ? say("min") : "") : moment(at).split(/[ ,]/)[0] + "";
}

function Writing({ id, otherwise, draft }: { id: string; otherwise: string; draft: boolean }) {
  const other = useComputed(() => {
    const found = writing.value[id];
    return found && found.until > now.value ? found.agent : "";
  });
  if (other.value) return <em>{say("writes", agentName(other.value))}</em>;
  return <span class={draft ? "is-draft" : ""}>{otherwise}</span>;
}

function Bulk() {
  const ids = [...checked.value].filter((id) => caseOf(id));
  const done = (verb: string, data = {}): void => {
    void bulk(ids, verb, data);
    checked.value = new Set();
  };
  return (
    <div class="list-bulk" role="toolbar" aria-label={say("bulk")}>
      <b>{say("chosen", ids.length)}</b>
      <button type="button" class="button" onClick={() => done("claim")}>
        {say("take")}
      </button>
      <select
        aria-label={say("transfer")}
        value=""
        onChange={(event) => {
          const [kind, id] = event.currentTarget.value.split(/:(.*)/s);
          if (kind === "queue") done("transfer", { queue: id });
          if (kind === "agent") done(leads.value ? "assign" : "transfer", { agent: id, agent_name: agentName(id ?? "") });
        }}
      >
        <option value="">{say("transfer")}…</option>
        {me.value?.queues.map((queue) => (
          <option key={queue.id} value={`queue:${queue.id}`}>
            {queue.title}
          </option>
        ))}
        {agents.value.map((one) => (
          <option key={one.id} value={`agent:${one.id}`}>
            {one.name}
          </option>
        ))}
      </select>
      <select aria-label={say("priority")} value="" onChange={(event) => event.currentTarget.value && done("change", { priority: event.currentTarget.value })}>
        <option value="">{say("priority")}…</option>
        {["urgent", "high", "normal", "low"].map((one) => (
          <option key={one} value={one}>
            {told(`prio_${one}`)}
          </option>
        ))}
      </select>
      <button type="button" class="button" onClick={() => done("resolve", { survey: false })}>
        {say("resolve")}
      </button>
      <button type="button" class="button-plain" aria-label={say("choose_none")} onClick={() => (checked.value = new Set())}>
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}

interface BotChat {
  session: string;
  picture?: string;
  subject?: string;
  last?: string;
  seen?: number;
  owner: string;
}

/** Chats that the bot has: supervisors may take them over. */
function BotChats() {
  const found = useSignal<readonly BotChat[] | null>(null);
  const trouble = useSignal("");
  const acted = useSignal(0);
  useEffect(() => {
    const ask = (owner: string): Promise<unknown> => get(`/chats?owner=${owner}&limit=100&q=${name(sieve.value.words)}`);
    Promise.all([ask("paused"), ask("bot")]).then(
      (answers) => {
        found.value = answers.flatMap((answer) => listOf<BotChat>(answer, "chats"));
        trouble.value = "";
      },
      (error: unknown) => (trouble.value = explain(error)),
    );
  }, [sieve.value.words, placed.value, acted.value]);
  const pause = async ({ session, owner }: BotChat): Promise<void> => {
    await chatAct(session, owner === "paused" ? "resume" : "pause");
    acted.value += 1;
  };
  const take = async (session: string): Promise<void> => {
    const one = await chatAct(session, "take_over");
    if (one) open(one.id);
  };
  return (
    <div class="list-rows" role="list" aria-label={viewTitle()}>
      {trouble.value && <p class="list-nothing">{trouble.value}</p>}
      {found.value?.length === 0 && <p class="list-nothing">{say("nothing_here")}</p>}
      {found.value?.map((one) => (
        <div key={one.session} class="botchat" role="listitem">
          <Avatar id={one.session.split(":")[1] ?? ""} name={one.subject || "?"} {...(one.picture && { picture: one.picture })} size={36} />
          <span>
            <b>{one.subject || one.session}</b>
            <small>{one.last}</small>
          </span>
          {one.owner === "paused" && <i class="state is-queued">{say("paused")}</i>}
          <button type="button" class="button" onClick={() => void take(one.session)}>
            {say("take_over")}
          </button>
          <button
            type="button"
            class="button-plain"
            title={say(one.owner === "paused" ? "resume_bot" : "pause_bot")}
            aria-label={say(one.owner === "paused" ? "resume_bot" : "pause_bot")}
            onClick={() => void pause(one)}
          >
            <Icon name={one.owner === "paused" ? "play" : "pause"} size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
