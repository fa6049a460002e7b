/** Which tab is in view; the browser remembers it. */

import { computed, effect, signal } from "@preact/signals";
import { bench } from "./bench";

export const TABS = ["flow", "turns", "session", "agent", "log", "findings", "tests", "faults"] as const;
export type Tab = (typeof TABS)[number];

const ALONE: readonly Tab[] = ["log", "faults"];
const KEPT = "noren.inspector.tab";

const kept = localStorage.getItem(KEPT) as Tab | null;
export const tab = signal<Tab>(kept && TABS.includes(kept) ? kept : "turns");

/** Without a workbench there are only the simulator's own tabs. */
export const offered = computed<readonly Tab[]>(() => (bench.value === "there" ? TABS : ALONE));
export const shownTab = computed<Tab>(() => (offered.value.includes(tab.value) ? tab.value : offered.value[0]!));

effect(() => {
  localStorage.setItem(KEPT, tab.value);
});

/** The tab that a key leads to from another one. */
export function reached(tabs: readonly Tab[], from: Tab, key: string): Tab | null {
  const at = tabs.indexOf(from);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
  return to === undefined ? null : tabs.at(to % tabs.length)!;
}
