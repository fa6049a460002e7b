/** The bot's transcript tests: run here, with what failed in place. Recording and replaying lie beside them. */

import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get, post } from "../api";
import { bench, edition, path, progress } from "./bench";
import { Button, Copy, Empty, Fold, millis, Pill, Place, short } from "./kit";
import { attempt } from "./kit";
import { Record } from "./record";
import { Replay } from "./replay";
import type { Coverage, TestCase, TestResult, TestRun } from "./shapes";
import { say } from "./words";

type View = "run" | "record" | "replay";

const view = signal<View>("run");
const cases = signal<readonly TestCase[]>([]);
const results = signal<Readonly<Record<string, TestResult>>>({});
export const coverage = signal<Coverage | null>(null);
export const running = signal("");
/** The edition of the files that was tested last. */
const tested = signal(0);

const named = ({ file, name }: { file: string; name: string }) => `${file}\n${name}`;
export const failed = computed(() => Object.values(results.value).filter((one) => !one.ok).length);

export async function list(): Promise<void> {
  const found = await attempt(() => get<{ tests: TestCase[] }>(path("/tests")));
  if (found) cases.value = found.tests;
}

/** Run all tests, those of a file, or one. What others said before stays. */
export async function run(what: { file?: string; name?: string } = {}): Promise<void> {
  running.value = what.name ? named(what as TestCase) : (what.file ?? "all");
  const as = edition.value;
  const found = await attempt(() => post<TestRun>(path("/tests/run"), what));
  running.value = "";
  if (!found) return;
  const fresh = Object.fromEntries(found.results.map((one) => [named(one), one]));
  results.value = what.file ? { ...results.value, ...fresh } : fresh;
  tested.value = as;
  if (!what.file) coverage.value = found.coverage;
}

const files = computed(() => {
  const found = new Map<string, TestCase[]>();
  for (const one of cases.value) found.set(one.file, [...(found.get(one.file) ?? []), one]);
  return [...found];
});

export function TestsTab() {
  return (
    <div class="insp-tab">
      <div class="insp-bar" role="group" aria-label={say("tabTests")}>
        {(["run", "record", "replay"] as const).map((one) => (
          <Button key={one} pressed={view.value === one} onClick={() => (view.value = one)}>
            {say(one)}
          </Button>
        ))}
      </div>
      {view.value === "run" ? <Runs /> : view.value === "record" ? <Record saved={list} /> : <Replay />}
    </div>
  );
}

function Runs() {
  const as = edition.value;
  useEffect(() => void (bench.value === "there" && list()), [as]);
  const all = Object.values(results.value);
  const good = all.filter((one) => one.ok).length;
  const at = progress.value;
  const busy = running.value !== "";
  return (
    <>
      <div class="insp-bar">
        <Button kind="main" disabled={busy} onClick={() => run()}>
          ▶ {say("runAll")}
        </Button>
        {failed.value ? (
          <Button disabled={busy} onClick={() => again()}>
            {say("runFailed", failed.value)}
          </Button>
        ) : null}
        {busy && at?.running ? (
          <progress class="insp-progress" max={at.total || 1} value={at.done} aria-label={say("running")} />
        ) : null}
        {busy ? <span class="insp-soft">{at?.running ? `${at.done} / ${at.total}` : say("running")}</span> : null}
        <span class="insp-grow" />
        {all.length && !busy && tested.value !== as ? <Pill tone="warn">{say("filesChanged")}</Pill> : null}
        {all.length ? (
          <span aria-live="polite">
            <b class="insp-good">{say("passed", good)}</b>
            {failed.value ? (
              <>
                {" · "}
                <b class="insp-bad">{say("failedCount", failed.value)}</b>
              </>
            ) : null}
          </span>
        ) : null}
      </div>
      <div class="insp-scroll">
        {coverage.value ? <Covered of={coverage.value} /> : null}
        {files.value.length ? files.value.map(([file, tests]) => <File key={file} file={file} tests={tests} />) : <Empty>{say("noTests")}</Empty>}
      </div>
    </>
  );
}

/** Only what failed, one after the other. */
async function again(): Promise<void> {
  for (const { file, name } of Object.values(results.value).filter((one) => !one.ok)) await run({ file, name });
}

function Covered({ of }: { of: Coverage }) {
  const share = of.steps ? Math.floor((100 * of.walked) / of.steps) : 100;
  return (
    <div class="insp-covered">
      <p class="insp-facts">
        <meter min={0} max={of.steps || 1} value={of.walked} aria-label={say("coverage")} /> {say("covered", of.walked, of.steps, share)}
      </p>
      {of.missing.length ? (
        <Fold title={say("neverWalked", of.missing.length)}>
          {() => (
            <ul class="insp-missing">
              {of.missing.slice(0, 200).map((at) => (
                <li key={`${at.flow}.${at.step}`}>
                  <Place file={at.file} line={at.line} name={`${at.flow}.${at.step}`} />
                </li>
              ))}
            </ul>
          )}
        </Fold>
      ) : null}
    </div>
  );
}

function File({ file, tests }: { file: string; tests: TestCase[] }) {
  const told = tests.map((one) => results.value[named(one)]).filter((one) => one !== undefined);
  const bad = told.filter((one) => !one.ok).length;
  return (
    <section class="insp-list insp-tests">
      <h3 class="insp-facts">
        <span title={file}>{short(file)}</span>
        <span class="insp-soft">{tests.length}</span>
        {bad ? <Pill tone="bad">{say("failedCount", bad)}</Pill> : told.length === tests.length ? <Pill tone="good">✓</Pill> : null}
        <span class="insp-grow" />
        <Button kind="quiet" disabled={running.value !== ""} label={say("runThis", file)} onClick={() => run({ file })}>
          ▶
        </Button>
      </h3>
      {tests.map((one) => (
        <Case key={one.name} one={one} result={results.value[named(one)]} />
      ))}
    </section>
  );
}

function Case({ one, result }: { one: TestCase; result: TestResult | undefined }) {
  const mine = running.value === named(one) || running.value === one.file || running.value === "all";
  const sign = mine ? "…" : result ? (result.skipped ? "–" : result.ok ? "✓" : "✗") : "·";
  return (
    <div class="insp-case">
      <p class="insp-facts">
        <span class={`insp-sign ${result && !mine ? (result.ok ? "insp-good" : "insp-bad") : "insp-soft"}`}>{sign}</span>
        <span class="insp-case-name">
          {one.name} {result?.skipped ? <i class="insp-soft">{result.skipped}</i> : null}
        </span>
        <Place file={result?.failure?.file || one.file} line={result?.failure?.line || one.line} brief />
        <span class="insp-ms">{result ? millis(result.ms) : ""}</span>
        <Button kind="quiet" disabled={running.value !== ""} label={say("runThis", one.name)} onClick={() => run({ file: one.file, name: one.name })}>
          ▶
        </Button>
      </p>
      {result?.failure ? <Failure text={result.failure.text} /> : null}
    </div>
  );
}

const SIGNS: Record<string, string> = { "+": "insp-now", "-": "insp-was", "?": "insp-soft" };

/** What the test runner told, with added and missing lines coloured. */
function Failure({ text }: { text: string }) {
  return (
    <div class="insp-diff">
      <pre>
        {text.split("\n").map((line, index) => (
          <div key={index} class={SIGNS[line.trimStart()[0] ?? ""] ?? ""}>
            {line || " "}
          </div>
        ))}
      </pre>
      <Copy text={text} />
    </div>
  );
}
