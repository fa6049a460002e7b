/** Which cases a view shows and in what order, how long somebody has waited, and how bad that is. Pure. */

import type { Priority, Queue, Summary } from "./shapes";

export type View =
  | { kind: "mine" | "offers" | "waiting" | "all" | "offline" | "closed" | "bot" }
  | { kind: "queue"; queue: string }
  | { kind: "saved"; id: string; title: string; filter: Readonly<Record<string, string>> };

export const WAITS: readonly string[] = ["queued", "offered"];
export const WORKED: readonly string[] = ["assigned", "active", "waiting", "snoozed", "wrap_up"];
export const LIVE: readonly string[] = ["requested", "queued", "offered", "assigned", "active", "waiting", "snoozed"];
const URGENCY: Readonly<Record<Priority, number>> = { urgent: 0, high: 1, normal: 2, low: 3 };

/** Whether a case stands in a view, as the server decides it for its lists. */
export function belongs(view: View, one: Summary, me: string): boolean {
  switch (view.kind) {
    case "mine":
      return one.agent === me && WORKED.includes(one.state);
    case "offers":
      return one.state === "offered" && one.offer?.agent === me;
    case "waiting":
      return WAITS.includes(one.state);
    case "queue":
      return WAITS.includes(one.state) && one.queue === view.queue;
    case "all":
      return LIVE.includes(one.state) || one.state === "wrap_up";
    case "offline":
      return one.state === "offline";
    case "closed":
      return one.state === "closed";
    case "bot":
      return false;
    case "saved":
      return fits(view.filter, one, me);
  }
}

function fits(filter: Readonly<Record<string, string>>, one: Summary, me: string): boolean {
  const kind = (filter.view || "all") as "all";
  const within = filter.view === "queue" ? WAITS.includes(one.state) : belongs({ kind }, one, me);
  return (
    within &&
    (!filter.queue || one.queue === filter.queue) &&
    (!filter.agent || one.agent === filter.agent) &&
    (!filter.priority || one.priority === filter.priority) &&
    (!filter.label || one.labels.includes(filter.label))
  );
}

/** What narrows a list further: words, queue, agent, label, priority. */
export interface Sieve {
  words: string;
  queue?: string;
  agent?: string;
  label?: string;
  priority?: string;
}

export function passes(sieve: Sieve, one: Summary): boolean {
  const words = sieve.words.trim().toLocaleLowerCase();
  const hay = words ? `${one.subject}\n${one.last}\n${one.labels.join("\n")}\n${one.id}`.toLocaleLowerCase() : "";
  return (
    (!words || hay.includes(words)) &&
    (!sieve.queue || one.queue === sieve.queue) &&
    (!sieve.agent || one.agent === sieve.agent) &&
    (!sieve.label || one.labels.includes(sieve.label)) &&
    (!sieve.priority || one.priority === sieve.priority)
  );
}

/** Whether the customer's words stand last: somebody owes an answer. */
export const owed = (one: Summary): boolean =>
  WAITS.includes(one.state) || (["assigned", "active"].includes(one.state) && one.heard > one.spoken);

/** Since when an answer is owed (ms), or 0. `before` is what was known of the case: later words do not reset it. */
export function owedSince(one: Summary, before?: { since: number; spoken: number }): number {
  if (!owed(one)) return 0;
  if (WAITS.includes(one.state)) return one.queued || one.opened;
  if (before?.since && before.spoken === one.spoken) return before.since;
  return one.heard || one.assigned || one.since;
}

export type Known = Summary & { owed: number };

/** Most urgent first; then whoever waits longest for an answer; then the newest. */
export function order(view: View): (a: Known, b: Known) => number {
  if (view.kind === "closed" || view.kind === "offline") return (a, b) => b.changed - a.changed || cmp(a, b);
  return (a, b) => {
    const urgent = URGENCY[a.priority] - URGENCY[b.priority];
    if (urgent && a.owed && b.owed) return urgent;
    if (!a.owed !== !b.owed) return a.owed ? -1 : 1;
    if (a.owed && b.owed) return a.owed - b.owed || cmp(a, b);
    return b.changed - a.changed || cmp(a, b);
  };
}

const cmp = (a: Known, b: Known): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Whether a change moves a case between views or within one. */
export function moved(a: Known, b: Known): boolean {
  return (
    a.state !== b.state ||
    a.agent !== b.agent ||
    a.queue !== b.queue ||
    a.priority !== b.priority ||
    a.owed !== b.owed ||
    a.offer?.id !== b.offer?.id ||
    a.labels.join() !== b.labels.join() ||
    (!b.owed && a.changed !== b.changed)
  );
}

/** How bad it is to have waited so long: green, amber, red. */
export function heat(waited: number, mode: "live" | "async"): "good" | "warn" | "bad" {
  const [amber, red] = mode === "live" ? [60_000, 180_000] : [10 * 60_000, 60 * 60_000];
  return waited >= red ? "bad" : waited >= amber ? "warn" : "good";
}

/** A span as 0:07, 12:30, 3:05:00 or 2 d. */
export function span(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h >= 48) return `${Math.floor(h / 24)} d`;
  const two = (n: number): string => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const titleOf = (queues: readonly Queue[], id: string): string => queues.find((q) => q.id === id)?.title || id;

/** The key under which a view's place in the page is kept. */
export const keyOf = (view: View): string =>
  view.kind === "queue" ? `queue:${view.queue}` : view.kind === "saved" ? `saved:${view.id}` : view.kind;
