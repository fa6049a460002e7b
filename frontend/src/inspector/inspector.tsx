/** The inspector: what happens behind the chat in view. */

import { useEffect, useRef } from "preact/hooks";
import { AgentTab } from "../agent/agent";
import { followDesk, waiting } from "../agent/cases";
import { begin, bench, live, overview, runtime } from "./bench";
import { RuntimeChip } from "./clock";
import { watchChat } from "./conversation";
import { errors, FindingsTab } from "./findings";
import { FlowTab, followFlow } from "./flow";
import { FaultsTab } from "./faults";
import { Pill } from "./kit";
import { LogTab } from "./log";
import { followReloads } from "./overlay";
import { SessionTab } from "./session";
import { Drawer } from "./source";
import { offered, reached, shownTab, tab, type Tab } from "./tabs";
import { failed, TestsTab } from "./tests";
import { active, followFaults } from "./trouble";
import { dead, followPicked, TurnsTab } from "./turns";
import { say } from "./words";
import "./inspector.css";
import "./parts.css";

const PANELS = {
  flow: FlowTab,
  turns: TurnsTab,
  session: SessionTab,
  agent: AgentTab,
  log: LogTab,
  findings: FindingsTab,
  tests: TestsTab,
  faults: FaultsTab,
} satisfies Record<Tab, unknown>;

const NAMES = {
  flow: "tabFlow",
  turns: "tabTurns",
  session: "tabSession",
  agent: "tabAgent",
  log: "tabLog",
  findings: "tabFindings",
  tests: "tabTests",
  faults: "tabFaults",
} as const satisfies Record<Tab, string>;

/** Numbers on the tabs: what wants to be looked at. */
const BADGES: Partial<Record<Tab, { value: number }>> = { turns: dead, agent: waiting, findings: errors, tests: failed, faults: active };

function follow(): () => void {
  const ends = [begin(), watchChat(), followFlow(), followPicked(), followFaults(), followReloads(), followDesk()];
  return () => ends.forEach((end) => end());
}

export function Inspector() {
  useEffect(follow, []);
  const now = shownTab.value;
  const Panel = PANELS[now];
  return (
    <aside class="inspector insp" aria-label={say("inspector")}>
      <Tabs now={now} />
      <div class="insp-panel" role="tabpanel" id="insp-panel" aria-labelledby={`insp-tab-${now}`}>
        <Panel />
      </div>
      <Drawer />
    </aside>
  );
}

function Tabs({ now }: { now: Tab }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector(`#insp-tab-${now}`)?.scrollIntoView({ block: "nearest", inline: "nearest" }), [now]);
  const key = (event: KeyboardEvent) => {
    const to = reached(offered.value, now, event.key);
    if (!to) return;
    event.preventDefault();
    tab.value = to;
    list.current?.querySelector<HTMLElement>(`#insp-tab-${to}`)?.focus();
  };
  return (
    <header class="insp-head">
      <div class="insp-tabs" role="tablist" aria-label={say("inspector")} ref={list} onKeyDown={key}>
        {offered.value.map((one) => (
          <button
            key={one}
            id={`insp-tab-${one}`}
            type="button"
            role="tab"
            aria-selected={one === now}
            aria-controls="insp-panel"
            tabIndex={one === now ? 0 : -1}
            onClick={() => (tab.value = one)}
          >
            {say(NAMES[one])}
            {BADGES[one]?.value ? <span class={`insp-badge insp-badge-${one}`}>{BADGES[one].value}</span> : null}
          </button>
        ))}
      </div>
      {bench.value === "there" ? (
        <span class="insp-state" title={overview.value?.project.root}>
          {live.value ? null : <Pill tone="warn">{say("notLive")}</Pill>}
          {runtime.value === "running" ? null : <RuntimeChip />}
        </span>
      ) : null}
    </header>
  );
}
