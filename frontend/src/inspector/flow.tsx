/** The flow as a picture: where the conversation waits and which way its last turn went. */

import { computed, effect, signal } from "@preact/signals";
import { BASE } from "../api";
import { bot } from "../state";
import { effectiveTheme } from "./dark";
import { bench, edition, key, overview, path } from "./bench";
import { session, turns } from "./conversation";
import { Button, Empty, Place } from "./kit";
import { shownTab } from "./tabs";
import { coverage as tried, run, running } from "./tests";
import { say } from "./words";
import { Viewer } from "./viewer";

/** A flow that was chosen by hand stays; else the picture follows the conversation. */
const pinned = signal("");
const coverage = signal(false);
const drawn = signal<{ name: string; text: string } | string | null>(null);

const flows = computed(() => overview.value?.endpoints.find((one) => one.name === bot.value)?.flows ?? []);

/** Where the conversation is: the step that waits, else the last one that was walked. */
const current = computed(() => {
  const at = session.value?.at?.flow;
  if (at) return at;
  const walked = turns.value[0]?.steps.findLast((step) => step.flow)?.flow;
  return walked ?? turns.value[0]?.trigger?.flow ?? flows.value[0]?.name ?? "";
});

const shown = computed(() => (flows.value.some((one) => one.name === pinned.value) ? pinned.value : current.value));

let asked = 0;

async function draw(address: string, name: string): Promise<void> {
  const mine = ++asked;
  let found: { name: string; text: string } | string;
  try {
    const response = await fetch(BASE + address);
    const text = await response.text();
    found = response.ok ? { name, text } : ((JSON.parse(text) as { detail?: string }).detail ?? response.statusText);
  } catch (error) {
    found = String(error);
  }
  if (mine === asked) drawn.value = found;
}

/** The picture changes with the flow, the conversation's place in it, and each reload. */
export function followFlow(): () => void {
  return effect(() => {
    const name = shown.value;
    const marks = [edition.value, tried.value, session.value?.at?.step, turns.value[0]?.event, turns.value[0]?.state];
    if (shownTab.value !== "flow" || bench.value !== "there" || !name || !bot.value || !marks) return;
    const query = { session: key.value, coverage: coverage.value ? "1" : "" };
    void draw(path(`/flows/${encodeURIComponent(bot.value)}/${encodeURIComponent(name)}.svg`, query), name);
  });
}

export function FlowTab() {
  const at = session.value?.at;
  const picture = drawn.value;
  return (
    <div class="insp-tab insp-flow">
      <div class="insp-bar">
        <label class="insp-choose">
          <span class="hidden-text">{say("flow")}</span>
          <select value={shown.value} onChange={(event) => (pinned.value = event.currentTarget.value)}>
            {flows.value.map(({ name, title }) => (
              <option key={name} value={name}>
                {title && title !== name ? `${name} · ${title}` : name}
                {name === current.value ? " ●" : ""}
              </option>
            ))}
          </select>
        </label>
        <Button pressed={pinned.value !== ""} onClick={() => (pinned.value = pinned.value ? "" : shown.value)}>
          {pinned.value ? say("pinned") : say("following")}
        </Button>
        <Button pressed={coverage.value} onClick={() => (coverage.value = !coverage.value)}>
          {say("coverage")}
        </Button>
        <span class="insp-grow" />
        {at ? (
          <span class="insp-soft">
            {say("waitsAt")} <Place file={at.file} line={at.line} name={`${at.flow}.${at.step}`} />
          </span>
        ) : null}
      </div>
      {coverage.value && !tried.value ? (
        <div class="insp-bar">
          <span class="insp-soft">{say("coverageHelp")}</span>
          <Button kind="main" disabled={running.value !== ""} onClick={() => run()}>
            ▶ {say(running.value ? "running" : "runAll")}
          </Button>
        </div>
      ) : null}
      {picture === null ? (
        <Empty>{flows.value.length ? "…" : say("noFlow")}</Empty>
      ) : typeof picture === "string" ? (
        <Empty>{picture}</Empty>
      ) : (
        <Viewer name={picture.name} text={picture.text} dark={effectiveTheme.value === "dark"} />
      )}
    </div>
  );
}
