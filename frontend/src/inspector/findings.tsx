/** What is wrong with the bot's files, and with what the running chat has said. */

import { computed } from "@preact/signals";
import { findings } from "./bench";
import { turns } from "./conversation";
import { Button, Empty, looking, openEditor, Pill, Place, type Tone } from "./kit";
import type { Finding, Severity, Violation } from "./shapes";
import { Lines } from "./source";
import { grouped } from "./trace";
import { say } from "./words";

const TONES: Record<Severity, Tone> = { error: "bad", warning: "warn", hint: "accent" };
const ORDER: readonly Severity[] = ["error", "warning", "hint"];

const sorted = computed(() =>
  [...findings.value].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.file.localeCompare(b.file) || a.line - b.line),
);

export const errors = computed(() => findings.value.filter((one) => one.severity === "error").length);

const violations = computed(() => grouped(turns.value.flatMap((turn) => turn.violations)));

export function FindingsTab() {
  return (
    <div class="insp-tab">
      <div class="insp-scroll">
        <section class="insp-list">
          <h3>{say("inFiles")}</h3>
          {sorted.value.length ? sorted.value.map((one, index) => <Card key={index} one={one} />) : <Empty>{say("noFindings")}</Empty>}
        </section>
        <section class="insp-list">
          <h3>{say("inChat")}</h3>
          {violations.value.length ? violations.value.map((one, index) => <Broken key={index} one={one} />) : <Empty>{say("noViolations")}</Empty>}
        </section>
      </div>
    </div>
  );
}

export function Card({ one }: { one: Finding }) {
  return (
    <article class={`insp-finding insp-finding-${one.severity}`}>
      <p class="insp-facts">
        <Pill tone={TONES[one.severity]}>{say(one.severity)}</Pill>
        <span class="insp-mono">{one.code}</span>
        <Place file={one.file} line={one.line} column={one.column} />
        <span class="insp-grow" />
        {one.file ? (
          <Button kind="quiet" onClick={() => openEditor(one.file, one.line)}>
            {say("openEditor")}
          </Button>
        ) : null}
      </p>
      <p class="insp-finding-message">{one.message}</p>
      {one.excerpt?.length ? (
        <div class="insp-clickable" onClick={() => (looking.value = { file: one.file, line: one.line })}>
          <Lines lines={one.excerpt} at={one.line} column={one.column} />
        </div>
      ) : null}
      {one.path ? <p class="insp-soft insp-mono">{one.path}</p> : null}
      {one.why ? (
        <p class="insp-soft">
          {say("why")}: {one.why}
        </p>
      ) : null}
      {one.fix ? (
        <p>
          <b>{say("fix")}:</b> {one.fix}
        </p>
      ) : null}
    </article>
  );
}

function Broken({ one }: { one: Violation & { times: number } }) {
  return (
    <article class={`insp-finding insp-finding-${one.severity === "error" ? "error" : "warning"}`}>
      <p class="insp-facts">
        <Pill tone={one.severity === "error" ? "bad" : "warn"}>{one.rule}</Pill>
        {one.property ? <span class="insp-mono">{one.property}</span> : null}
        {one.done ? <Pill>{one.done}</Pill> : null}
        {one.times > 1 ? <span class="insp-soft">× {one.times}</span> : null}
        <Place file={one.file} line={one.line} />
        {one.url?.startsWith("https://") ? (
          <a href={one.url} target="_blank" rel="noreferrer">
            {say("rule")}
          </a>
        ) : null}
      </p>
      <p class="insp-finding-message">{one.message}</p>
    </article>
  );
}
