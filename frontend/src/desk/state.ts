/** What the desk knows, as signals. Each case is a signal of its own, so that news of one redraws one row. */

import { batch, computed, effect, signal, type Signal } from "@preact/signals";
import { belongs, keyOf, moved, order, owedSince, passes, type Known, type Sieve, type View } from "./cases";
import type { Agent, Canned, Counts, Detail, Elsewhere, Macro, Me, Quota, SavedView, Status, Summary, Tag } from "./shapes";
import type { Item, Out } from "./timeline";

export const me = signal<Me | null>(null);
export const status = signal<Status>("offline");
export const agents = signal<readonly Agent[]>([]);
export const quotas = signal<readonly Quota[]>([]);
export const canned = signal<readonly Canned[]>([]);
export const macros = signal<readonly Macro[]>([]);
export const saved = signal<readonly SavedView[]>([]);

export const myId = computed(() => me.value?.agent.id ?? "");
export const leads = computed(() => ["supervisor", "admin"].includes(me.value?.agent.role ?? ""));
export const rules = computed(() => me.value?.agent.role === "admin");

export const connected = signal(true);
/** For those who lead: where people work elsewhere, as far as nobody answers there. */
export const silent = signal<readonly Elsewhere[]>([]);
/** Milliseconds by which the server's clock is ahead of this machine's. */
export const ahead = signal(0);
/** The server's time, a new one each second: whatever ticks reads it. */
export const now = signal(Date.now());
export const serverNow = (): number => Date.now() + ahead.value;
setInterval(() => (now.value = serverNow()), 1000);

// Cases

const cases = new Map<string, Signal<Known>>();
/** Rises when a case came, went or moved, so that lists are put together anew. */
const placing = signal(0);
export const caseOf = (id: string): Signal<Known> | undefined => cases.get(id);

/** The case as it is now; older news than what is known is dropped. */
export function put(one: Summary): void {
  const at = cases.get(one.id);
  const old = at?.peek();
  if (old && (one.number < old.number || (one.number === old.number && one.changed < old.changed))) return;
  const next: Known = { ...old, ...one, owed: owedSince(one, old && { since: old.owed, spoken: old.spoken }) };
  if (!at || !old) {
    cases.set(one.id, signal(next));
    placing.value += 1;
    return;
  }
  at.value = next;
  if (moved(old, next)) placing.value += 1;
}

export function putAll(all: readonly Summary[]): void {
  batch(() => all.forEach(put));
}

/** The case went where this person may not look. */
export function drop(id: string): void {
  if (!cases.delete(id)) return;
  batch(() => {
    placing.value += 1;
    if (selected.peek() === id) selected.value = "";
  });
}

export function forget(): void {
  cases.clear();
  chats.clear();
  placing.value += 1;
}

export const view = signal<View>({ kind: "mine" });
export const sieve = signal<Sieve>({ words: "" });
export const counts = signal<Counts>({ mine: 0, offers: 0, waiting: 0, offline: 0, all: 0, queue: {} });

export const known = computed(() => {
  void placing.value;
  return [...cases.values()].map((one) => one.peek());
});
const viewKey = computed(() => keyOf(view.value));

/** Ids of the cases in view, in order. */
export const listed = computed<readonly string[]>(() => {
  void viewKey.value;
  const at = view.value;
  const mine = myId.value;
  const found = known.value.filter((one) => belongs(at, one, mine) && passes(sieve.value, one));
  return found.sort(order(at)).map((one) => one.id);
});

/** Labels that are kept for everybody, and all that are offered: those, then what was given lately. */
export const kept = signal<readonly Tag[]>([]);
export const lately = signal<readonly string[]>([]);
export const coloured = computed<ReadonlyMap<string, string>>(
  () => new Map(kept.value.flatMap((tag) => [...tag.was, tag.title].map((title): [string, string] => [title, tag.colour]))),
);
/** Labels to choose from: those of the administration first, then what is in use, the most common first. */
export const labels = computed<readonly string[]>(() => {
  const times = new Map<string, number>();
  for (const one of known.value) for (const label of one.labels) times.set(label, (times.get(label) ?? 0) + 1);
  const used = [...times].sort((a, b) => b[1] - a[1]).map(([label]) => label);
  const over = new Set(kept.value.flatMap((tag) => (tag.retired ? [tag.title, ...tag.was] : tag.was)));
  return [...new Set([...lately.value, ...used])].filter((label) => !over.has(label));
});

/** Ids of offers that I accepted or rejected; the server may not have heard of it yet. */
export const answered = signal<ReadonlySet<string>>(new Set());
export const offers = computed<readonly Known[]>(() =>
  known.value.filter((one) => belongs({ kind: "offers" }, one, myId.value) && !answered.value.has(one.offer?.id ?? "")),
);
export const mine = computed<readonly Known[]>(() => known.value.filter((one) => belongs({ kind: "mine" }, one, myId.value)));
/** Whether anything changed its place: lists of counts ask the server again. */
export const placed = computed(() => placing.value);

// The chat in view

export const selected = signal("");
export const current = computed<Known | null>(() => {
  const found = caseOf(selected.value);
  // One that is not known yet may come.
  if (!found) void placing.value;
  return found?.value ?? null;
});
/** Whether the field of the next chat that comes into view gets the keyboard; not while somebody walks by keys. */
export const toWrite = { now: true };
export const detail = signal<Detail | null>(null);
export const checked = signal<ReadonlySet<string>>(new Set());

export interface Chat {
  items: Signal<readonly Item[]>;
  outs: Signal<readonly Out[]>;
  more: Signal<boolean>;
  loaded: Signal<boolean>;
}

const chats = new Map<string, Chat>();
export function chatOf(session: string): Chat {
  const found = chats.get(session);
  if (found) return found;
  const made: Chat = { items: signal([]), outs: signal([]), more: signal(false), loaded: signal(false) };
  chats.set(session, made);
  return made;
}

/** Who is writing in a case right now, besides me: agent and until when. */
export const writing = signal<Readonly<Record<string, { agent: string; until: number }>>>({});

// What is in view

export type Page = "inbox" | "monitor" | "reports" | "admin" | "settings";
export const page = signal<Page>("inbox");
/** Which pane is in view where there is room for one only. */
export const pane = signal<"menu" | "list" | "talk" | "panel">("list");
export const panelOpen = signal(localStorage.getItem("noren.desk.panel") !== "closed");
/** What lies over the page: a dialog by name. */
export const over = signal("");
/** Dialogs that are about no case: those of one leave with it, so that none is ever about another. */
const LASTING: readonly string[] = ["", "palette", "help", "save_view", "forget_view"];
effect(() => {
  void selected.value;
  if (!LASTING.includes(over.peek())) over.value = "";
});

/** How this browser is used. */
export interface Habits {
  sound: boolean;
  notify: boolean;
  enter: boolean;
}
const HABITS = "noren.desk.habits";
function habitsKept(): Habits {
  const usual: Habits = { sound: true, notify: false, enter: false };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(HABITS) ?? "{}") as Partial<Habits>) };
  } catch {
    return usual;
  }
}
export const habits = signal<Habits>(habitsKept());
export function accustom(change: Partial<Habits>): void {
  habits.value = { ...habits.value, ...change };
  localStorage.setItem(HABITS, JSON.stringify(habits.value));
}

export const agentName = (id: string): string =>
  agents.value.find((one) => one.id === id)?.name ?? (id && id === myId.value ? (me.value?.agent.name ?? id) : id);
