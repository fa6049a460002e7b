/** What the bot remembers of the chat in view, to be read and to be changed. */

import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { patch, post, remove } from "../api";
import { bot, platformNow } from "../state";
import { key, overview, path } from "./bench";
import { refresh, session } from "./conversation";
import { patched, undoing, type Edit, type Part } from "./editing";
import { Json } from "./json";
import { attempt, Button, clockTime, Empty, Fold, Pill, Place } from "./kit";
import type { Session, Timer } from "./shapes";
import { focus, ValueField } from "./value";
import { say } from "./words";

/** Edits of this visit, the last one first. */
const edits = signal<readonly Edit[]>([]);

const address = (of: string) => path(`/sessions/${encodeURIComponent(of)}`);

async function put(of: string, body: Record<string, unknown>): Promise<boolean> {
  const done = await attempt(async () => {
    await patch(address(of), body);
    await refresh();
    return true;
  });
  return done ?? false;
}

async function change(part: Part, flow: string, name: string, before: unknown, value: unknown): Promise<boolean> {
  const of = key.value;
  const done = await put(of, patched(part, flow, name, value));
  if (done) edits.value = [undoing(of, part, flow, name, before), ...edits.value].slice(0, 50);
  return done;
}

async function undo(): Promise<void> {
  const [last, ...rest] = edits.value;
  if (last && (await put(last.session, last.back))) edits.value = rest;
}

export function SessionTab() {
  const found = session.value;
  const last = edits.value[0];
  return (
    <div class="insp-tab">
      <div class="insp-bar">
        <span class="insp-mono insp-soft insp-clip">{key.value}</span>
        <span class="insp-grow" />
        {last ? (
          <Button onClick={undo}>
            ↶ {say("undo")} <span class="insp-mono">{last.label}</span>
          </Button>
        ) : null}
        {found ? <End /> : null}
      </div>
      <div class="insp-scroll">{found ? <Whole of={found} /> : <Empty>{say("noSession")}</Empty>}</div>
    </div>
  );
}

/** Ending a session is asked for twice. */
function End() {
  const [sure, setSure] = useState(false);
  const end = () =>
    attempt(async () => {
      await remove(address(key.value));
      setSure(false);
      await refresh();
    });
  if (!sure) return <Button onClick={() => setSure(true)}>{say("endSession")}</Button>;
  return (
    <span class="insp-actions">
      <Button kind="bad" onClick={end}>
        {say("endSure")}
      </Button>
      <Button kind="quiet" onClick={() => setSure(false)}>
        {say("cancel")}
      </Button>
    </span>
  );
}

function Whole({ of }: { of: Session }) {
  const flows = Object.entries(of.vars).filter(([flow]) => flow);
  return (
    <div class="insp-session">
      <Facts of={of} />
      {of.timers.length ? (
        <section class="insp-part">
          <h4>{say("timers")}</h4>
          <div>
            {of.timers.map((timer) => (
              <Due key={timer.id} timer={timer} />
            ))}
          </div>
        </section>
      ) : null}
      {flows.map(([flow, values]) => (
        <Values key={flow} title={say("varsOf", flow)} part="vars" flow={flow} values={values} />
      ))}
      <Values title={say("kept")} part="kept" flow="" values={of.kept} />
      <Values title={say("profile")} part="profile" flow="" values={of.profile} />
      <Values title={say("storage")} part="storage" flow="" values={of.storage} />
      {Object.keys(of.memory).length ? (
        <Fold title={say("memory")}>{() => <Json value={of.memory} open={2} />}</Fold>
      ) : null}
    </div>
  );
}

function Facts({ of }: { of: Session }) {
  const languages = overview.value?.endpoints.find((one) => one.name === bot.value)?.languages ?? [];
  const choices = [...new Set([...languages, ...(of.language ? [of.language] : [])])];
  return (
    <dl class="insp-dl">
      <dt>{say("position")}</dt>
      <dd>
        {of.at ? <Place file={of.at.file} line={of.at.line} name={`${of.at.flow}.${of.at.step}`} /> : say("waitsNowhere")}
        {of.at?.old ? <Pill tone="warn">{say("oldVersion")}</Pill> : null}
        {of.at?.question ? <p class="insp-said">{of.at.question}</p> : null}
        {of.stack.map((at, index) => (
          <p key={index} class="insp-soft">
            {say("under")} <Place file={at.file} line={at.line} name={`${at.flow}.${at.step}`} />
          </p>
        ))}
      </dd>
      <dt>{say("language")}</dt>
      <dd>
        <select
          class="insp-select"
          aria-label={say("language")}
          value={of.language}
          onChange={(event) => void put(of.key, { language: event.currentTarget.value })}
        >
          {of.language ? null : <option value="">—</option>}
          {choices.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </dd>
      <dt>{say("control")}</dt>
      <dd>
        <Pill tone={of.control.owner === "bot" ? "good" : "warn"}>{of.control.owner}</Pill>{" "}
        {of.control.epoch ? <span class="insp-soft">{say("epoch", of.control.epoch)}</span> : null}
        {of.busy ? <Pill tone="accent">{say("busy")}</Pill> : null}
      </dd>
      <dt>{say("since")}</dt>
      <dd>
        {clockTime(of.started, true)} · {say("lastSeen")} {clockTime(of.seen, true)}
      </dd>
    </dl>
  );
}

/** Fire a timer by turning the clock to it: what else is due until then happens too. */
export const fire = (timer: Timer) =>
  attempt(() => post("/clock", { advance: Math.max(0, Math.ceil(timer.due - platformNow())) + 50 }));

function Due({ timer }: { timer: Timer }) {
  return (
    <p class="insp-facts">
      <Pill tone="accent">{timer.purpose}</Pill>
      <span>{say("dueAt", clockTime(timer.due, true))}</span>
      <Button hint={say("fireHint")} onClick={() => fire(timer)}>
        {say("fireNow")}
      </Button>
    </p>
  );
}

function Values(props: { title: string; part: Part; flow: string; values: Record<string, unknown> }) {
  const { part, flow, values } = props;
  const rows = Object.entries(values);
  return (
    <section class="insp-values">
      <h4>{props.title}</h4>
      {rows.map(([name, value]) => (
        <div class="insp-value" key={name}>
          <span class="insp-mono insp-value-name">{name}</span>
          <ValueField
            value={value}
            label={name}
            put={(typed) => change(part, flow, name, value, typed)}
            drop={() => change(part, flow, name, value, undefined)}
          />
        </div>
      ))}
      <Added taken={Object.keys(values)} put={(name, value) => change(part, flow, name, undefined, value)} empty={!rows.length} />
    </section>
  );
}

function Added({ put, taken, empty }: { put: (name: string, value: unknown) => Promise<boolean>; taken: string[]; empty: boolean }) {
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <Button kind="quiet" onClick={() => setName("")}>
        + {empty ? say("addFirst") : say("add")}
      </Button>
    );
  }
  const good = name.trim() !== "" && !taken.includes(name.trim());
  return (
    <div class="insp-value">
      <input
        class="input insp-mono insp-value-name"
        placeholder={say("name")}
        aria-label={say("name")}
        value={name}
        ref={focus}
        onInput={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && setName(null)}
      />
      {good ? (
        <ValueField
          value={undefined}
          label={name}
          editing
          put={async (value) => {
            const done = await put(name.trim(), value);
            if (done) setName(null);
            return done;
          }}
        />
      ) : (
        <Button kind="quiet" onClick={() => setName(null)}>
          {say("cancel")}
        </Button>
      )}
    </div>
  );
}
