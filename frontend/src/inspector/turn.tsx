/** One turn: what came in, what the bot did about it, and what it cost. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { post } from "../api";
import { path } from "./bench";
import { differences } from "./changes";
import { attempt, Button, clockTime, Copy, Fold, Long, millis, Pill, Place, type Tone } from "./kit";
import { Json } from "./json";
import type { Delivery, Hook, SentMessage, Timer, Turn, Violation } from "./shapes";
import { Steps } from "./steps";
import { say } from "./words";

const STATES: Record<Turn["state"], Tone> = { done: "good", due: "accent", dead: "bad", dropped: "warn" };
const SETTLED: Record<string, Tone> = { sent: "good", failed: "bad", retry: "warn", held: "warn", unknown: "warn", suppressed: "warn" };

interface Props {
  turn: Turn;
  open: boolean;
  toggle: () => void;
  sought: number | undefined;
}

export function TurnCard({ turn, open, toggle, sought }: Props) {
  const marked = sought !== undefined;
  const troubled = turn.state === "dead" || Boolean(turn.error);
  return (
    <article class={`insp-turn ${marked ? "insp-turn-sought" : ""} ${troubled ? "insp-turn-bad" : ""}`}>
      <button type="button" class="insp-turn-head" aria-expanded={open} onClick={toggle}>
        <time>{clockTime(turn.at)}</time>
        <span class="insp-turn-in">
          <span class="insp-turn-kind">{turn.kind}</span> {turn.text || turn.type || ""}
        </span>
        <Marks turn={turn} />
      </button>
      {open ? null : <Gist turn={turn} />}
      {turn.error ? <Failure turn={turn} /> : null}
      {open ? <Whole turn={turn} sought={sought} /> : null}
    </article>
  );
}

function Marks({ turn }: { turn: Turn }) {
  const billed = turn.deliveries.reduce((sum, one) => sum + one.billed, 0);
  const ways = [...new Set(turn.deliveries.map((one) => one.via))];
  const worst = turn.violations.length;
  return (
    <span class="insp-turn-marks">
      {turn.state === "done" ? null : <Pill tone={STATES[turn.state]}>{state(turn.state)}</Pill>}
      {turn.partial ? <Pill title={say("partialTold")}>{say("partial")}</Pill> : null}
      {turn.attempts > 1 ? <Pill tone="warn">{say("attempts", turn.attempts)}</Pill> : null}
      {worst ? <Pill tone="warn">{say("checksCount", worst)}</Pill> : null}
      {turn.deliveries.some((one) => SETTLED[one.state] === "bad") ? <Pill tone="bad">{say("notDelivered")}</Pill> : null}
      {ways.map((via) => (
        <Pill key={via} tone={via === "reply" ? "good" : "warn"}>
          {via}
        </Pill>
      ))}
      {billed ? <Pill tone="warn">{say("billedCount", billed)}</Pill> : null}
      <span class="insp-ms">{millis(turn.ms)}</span>
    </span>
  );
}

const state = (of: Turn["state"]) => say(({ done: "stateDone", due: "stateDue", dead: "stateDead", dropped: "stateDropped" } as const)[of]);

/** A folded turn in one line: what was said and by which step; the last step where nothing was. */
function Gist({ turn }: { turn: Turn }) {
  const last = turn.outputs.find((one) => one.step) ?? turn.steps.findLast((step) => step.step);
  const said = turn.outputs.map((one) => one.text || one.type).join(" · ");
  if (!last && !said) return null;
  return (
    <p class="insp-turn-gist">
      {last ? <span class="insp-mono">{`${last.flow}.${last.step}`}</span> : null} {said}
    </p>
  );
}

function Failure({ turn }: { turn: Turn }) {
  return (
    <div class="insp-failure" role="alert">
      <Long text={turn.error ?? ""} lines={4} />
      {turn.state === "dead" ? (
        <Button kind="main" onClick={() => attempt(() => post(path(`/events/${encodeURIComponent(turn.event)}/retry`)))}>
          {say("retry")}
        </Button>
      ) : null}
    </div>
  );
}

function Part({ title, children, count }: { title: string; children: ComponentChildren; count?: number }) {
  if (count === 0) return null;
  return (
    <section class="insp-part">
      <h4>{title}</h4>
      <div>{children}</div>
    </section>
  );
}

function Whole({ turn, sought }: { turn: Turn; sought: number | undefined }) {
  const { trigger } = turn;
  return (
    <div class="insp-turn-body">
      <Part title={say("cameIn")}>
        {(turn.text?.length ?? 0) > 40 || turn.text?.includes("\n") ? <Long text={turn.text ?? ""} lines={6} /> : null}
        <p class="insp-soft insp-facts">
          <span>{clockTime(turn.at, true)}</span>
          {turn.user ? <span class="insp-mono">{turn.user}</span> : null}
          <span class="insp-mono">{turn.event}</span>
          {turn.version ? <span>{say("versionIs", String(turn.version).slice(0, 12))}</span> : null}
        </p>
        {turn.raw && Object.keys(turn.raw).length ? <Fold title={say("rawEvent")}>{() => <Json value={turn.raw} />}</Fold> : null}
      </Part>
      <Part title={say("transformers")} count={turn.transformers.length}>
        {turn.transformers.map((hook, index) => (
          <Transformed key={index} hook={hook} />
        ))}
      </Part>
      {trigger ? (
        <Part title={say("trigger")}>
          <p class="insp-facts">
            <Pill tone="accent">{trigger.kind}</Pill>
            {trigger.why || trigger.value === undefined || trigger.value === null ? null : <span class="insp-mono">{inline(trigger.value)}</span>}
            <Place file={trigger.file} line={trigger.line} name={trigger.flow} />
            {trigger.why ? <span class="insp-soft">{trigger.why}</span> : null}
            {trigger.also?.length ? <span class="insp-soft">{say("also", trigger.also.join(", "))}</span> : null}
          </p>
        </Part>
      ) : null}
      <Part title={say("steps")} count={turn.steps.length}>
        <Steps steps={turn.steps} />
      </Part>
      <Changes turn={turn} />
      <Said turn={turn} sought={sought} />
      <Part title={say("checks")} count={turn.violations.length}>
        {turn.violations.map((one, index) => (
          <Checked key={index} one={one} />
        ))}
      </Part>
      <Part title={say("deliveries")} count={turn.deliveries.length}>
        {turn.deliveries.map((one) => (
          <Sent key={one.id} one={one} />
        ))}
      </Part>
      <Part title={say("timersSet")} count={turn.timers.length + turn.cancelled.length}>
        <Timers set={turn.timers} cancelled={turn.cancelled} />
      </Part>
    </div>
  );
}

const inline = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function Transformed({ hook }: { hook: Hook }) {
  return (
    <p class="insp-facts">
      <Pill>{hook.hook}</Pill>
      <Place file={hook.file} line={hook.line} name={hook.function} />
      {hook.changed?.length ? <span class="insp-soft">{say("changedThese", hook.changed.join(", "))}</span> : null}
      {hook.dropped ? <Pill tone="warn">{say("droppedIt")}</Pill> : null}
      {hook.error ? <span class="insp-bad">{hook.error}</span> : null}
      <span class="insp-ms">{millis(hook.ms)}</span>
    </p>
  );
}

function Changes({ turn }: { turn: Turn }) {
  const found = turn.changes.flatMap(differences);
  return (
    <Part title={say("changes")} count={found.length}>
      <table class="insp-changes">
        <tbody>
          {found.map((one) => (
            <tr key={one.path} class={`insp-change-${one.kind}`}>
              <th scope="row" class="insp-mono">
                {one.path}
              </th>
              <td>{one.kind === "added" ? <i class="insp-soft">—</i> : <Json value={one.before} open={1} copy={false} />}</td>
              <td aria-hidden="true">→</td>
              <td>{one.kind === "removed" ? <i class="insp-soft">—</i> : <Json value={one.after} open={1} copy={false} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

/** Outputs with the messages that were made of them; messages of no output, such as notices, come last. */
function Said({ turn, sought }: { turn: Turn; sought: number | undefined }) {
  const of = turn.messages.map((message, index) => ({ message, index }));
  const rest = of.filter(({ message }) => message.output === null || !turn.outputs[message.output]);
  return (
    <Part title={say("outputs")} count={turn.outputs.length + rest.length}>
      {turn.outputs.map((output, index) => (
        <div class="insp-output" key={index}>
          <p class="insp-facts">
            <Pill>{output.type}</Pill>
            <Place file={output.file} line={output.line} name={output.step ? `${output.flow}.${output.step}` : undefined} />
          </p>
          {output.text ? <Long text={output.text} lines={4} class="insp-said" /> : null}
          {of.filter(({ message }) => message.output === index).map((one) => (
            <Message key={one.index} {...one} sought={sought === one.index} />
          ))}
        </div>
      ))}
      {rest.map((one) => (
        <Message key={one.index} {...one} sought={sought === one.index} />
      ))}
    </Part>
  );
}

function Message({ message, index, sought }: { message: SentMessage; index: number; sought: boolean }) {
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!sought) return undefined;
    const then = setTimeout(() => here.current?.scrollIntoView({ block: "center" }), 120);
    return () => clearTimeout(then);
  }, [sought]);
  return (
    <div ref={here} class={sought ? "insp-message insp-message-sought" : "insp-message"}>
      <Fold title={say("messageObject", message.message.type, index + 1)}>{() => <Json value={message.message} open={2} />}</Fold>
    </div>
  );
}

function Checked({ one }: { one: Violation }) {
  return (
    <div class="insp-check">
      <p class="insp-facts">
        <Pill tone={one.severity === "error" ? "bad" : "warn"}>{one.rule}</Pill>
        {one.property ? <span class="insp-mono">{one.property}</span> : null}
        {one.done ? <Pill>{one.done}</Pill> : null}
        <Place file={one.file} line={one.line} />
        {one.url?.startsWith("https://") ? (
          <a href={one.url} target="_blank" rel="noreferrer">
            {say("rule")}
          </a>
        ) : null}
      </p>
      <p>{one.message}</p>
    </div>
  );
}

function Sent({ one }: { one: Delivery }) {
  const free = one.via === "reply";
  return (
    <div class="insp-delivery">
      <p class="insp-facts">
        <Pill tone={free ? "good" : "warn"}>{one.via}</Pill>
        <Pill tone={SETTLED[one.state] ?? "plain"}>{one.state}</Pill>
        {one.status ? <span class="insp-mono">HTTP {one.status}</span> : null}
        <span>{one.billed ? say("billedCount", one.billed) : say("free")}</span>
        {one.attempts > 1 ? <Pill tone="warn">{say("attempts", one.attempts)}</Pill> : null}
        {one.request_id ? (
          <span class="insp-soft insp-mono">
            {one.request_id} <Copy text={one.request_id} />
          </span>
        ) : null}
      </p>
      {one.detail ? <Long text={one.detail} lines={4} class="insp-bad" /> : null}
    </div>
  );
}

function Timers({ set, cancelled }: { set: Timer[]; cancelled: string[] }) {
  return (
    <>
      {set.map((one) => (
        <p class="insp-facts" key={one.id}>
          <Pill tone="accent">{one.purpose}</Pill> {say("dueAt", clockTime(one.due, true))}
        </p>
      ))}
      {cancelled.map((id) => (
        <p class="insp-facts insp-soft" key={id}>
          {say("cancelled")} <span class="insp-mono">{id}</span>
        </p>
      ))}
    </>
  );
}
