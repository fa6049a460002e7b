/** The steps that a turn walked, in order. */

import type { ComponentChildren } from "preact";
import { Json } from "./json";
import { Fold, Long, millis, Pill, Place } from "./kit";
import type { Step } from "./shapes";
import { walked } from "./trace";
import { say } from "./words";

/** What tells of an effect: its key, what it was asked, what came back. */
const CALL = ["call", "action", "args", "value"] as const;
/** Said in a place of their own; everything else a step tells is shown as it is. */
const TOLD = new Set(["do", "flow", "step", "file", "line", "ms", "error", "wrong", "skipped", "note", "asked", ...CALL]);
const MANY = 40;

export function Steps({ steps }: { steps: Step[] }) {
  const told = walked(steps);
  const shown = told.slice(0, MANY);
  const rest = told.slice(MANY);
  return (
    <ol class="insp-steps">
      {shown.map((step, index) => (
        <One key={index} step={step} />
      ))}
      {rest.length ? (
        <Fold title={say("moreRows", rest.length)}>{() => rest.map((step, index) => <One key={index} step={step} />)}</Fold>
      ) : null}
    </ol>
  );
}

function One({ step }: { step: Step }) {
  const { error, wrong, skipped, note, asked, action, args, value } = step;
  const more = Object.entries(step).filter(([name, value]) => !TOLD.has(name) && value !== null && value !== undefined);
  return (
    <li class={`insp-step ${skipped ? "insp-step-skipped" : ""}`}>
      <p class="insp-facts">
        {step.do ? <Pill tone={error ? "bad" : "plain"}>{step.do}</Pill> : null}
        <Place file={step.file} line={step.line} name={step.step ? `${step.flow}.${step.step}` : step.flow} />
        {skipped ? <span class="insp-soft">{say("skipped", words(skipped))}</span> : null}
        {note ? <span class="insp-soft">{words(note)}</span> : null}
        {asked && !action ? <span class="insp-soft">{asked === true ? say("asks") : words(asked)}</span> : null}
        {wrong ? <span class="insp-warn">{typeof wrong === "number" ? say("wrongAnswer", wrong) : words(wrong)}</span> : null}
        {more.map(([name, value]) => (
          <Told key={name} name={name} value={value} />
        ))}
        {action || value === undefined || value === null ? null : <Told name="=" value={value} />}
        <span class="insp-ms">{millis(step.ms)}</span>
      </p>
      {action ? <Call action={words(action)} args={args} value={value} /> : null}
      {error ? <Long text={words(error)} lines={4} class="insp-bad" /> : null}
    </li>
  );
}

const words = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function Told({ name, value, open = 1 }: { name: string; value: unknown; open?: number }): ComponentChildren {
  const whole = typeof value === "object";
  return (
    <span class={whole ? "insp-told insp-told-whole" : "insp-told"}>
      <span class="insp-soft">{name}</span> <Json value={value} open={open} copy={false} />
    </span>
  );
}

/** An effect: what it was asked and what came back. */
function Call({ action, args, value }: { action: string; args: unknown; value: unknown }) {
  return (
    <div class="insp-call">
      <Pill tone="accent">{action}</Pill>
      {args === undefined || args === null ? null : <Told name={say("callArgs")} value={args} open={2} />}
      {value === undefined || value === null ? null : <Told name={say("callResult")} value={value} />}
    </div>
  );
}
