/** The desk behind the bot in view: its cases, and what the person at this page can do to them as an agent. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { get, post, put } from "../api";
import { bench, gathered, key, onTurns, path } from "../inspector/bench";
import { told } from "../toasts";

export type Status = "online" | "away" | "offline";

export interface Case {
  id: string;
  session: string;
  endpoint: string;
  state: string;
  queue: string;
  agent: string;
  agent_name: string;
  subject: string;
  last: string;
  labels: readonly string[] | "";
  unread: number;
  offer: { id: string; agent: string; until: number } | null;
}

export interface Note {
  at: number;
  by: string;
  text: string;
}

export interface Desk {
  desk: string | null;
  status: Status;
  you?: string;
  cases: readonly Case[];
  queues: readonly string[];
  notes: readonly Note[];
  flows: readonly string[];
}

export type Act = "accept" | "reject" | "claim" | "take_over" | "wake" | "done" | "resume" | "pause";

const NONE: Desk = { desk: null, status: "offline", cases: [], queues: [], notes: [], flows: [] };
const EVERY = 3_000;
const HELD = new Set(["assigned", "active", "waiting", "snoozed"]);
const OVER = new Set(["wrap_up", "offline", "closed"]);

export const desk = signal<Desk>(NONE);
/** Words that were not sent yet, by session: another chat has its own. */
export const drafts = signal<Readonly<Record<string, string>>>({});

/** The case of a chat: the live one before those that are over. */
export function caseOf(cases: readonly Case[], session: string): Case | null {
  const own = cases.filter((one) => one.session === session);
  return own.find((one) => !OVER.has(one.state)) ?? own[0] ?? null;
}

/** Which buttons a case has for this agent; `null`: the bot has the chat. */
export function actsOf(one: Case | null, you: string): readonly Act[] {
  if (!one || one.state === "closed") return ["take_over", "pause"];
  if (one.state === "offered" && one.offer?.agent === you) return ["accept", "reject"];
  if (one.state === "queued" || one.state === "offered" || one.state === "offline") return ["claim"];
  if (one.state === "wrap_up") return one.agent === you ? ["done"] : ["take_over"];
  return one.agent === you && (one.state === "snoozed" || one.state === "waiting") ? ["wake"] : [];
}

/** Whether this agent may speak: in their own case, or in one they take by speaking. */
export function maySpeak(one: Case | null, you: string): boolean {
  return !one || !HELD.has(one.state) || one.agent === you;
}

/** Whether the case is this agent's to end or hand on. */
export const isMine = (one: Case | null, you: string): boolean => !!one && HELD.has(one.state) && one.agent === you;

/** How many wait for somebody: the number on the tab. */
export const waiting = computed(() => desk.value.cases.filter((one) => one.state === "queued" || one.state === "offered").length);

export const here = computed(() => caseOf(desk.value.cases, key.value));

export async function look(): Promise<void> {
  if (bench.value !== "there") return;
  const of = key.value;
  try {
    const found = await get<Desk>(path("/agent", { session: of }));
    if (of === key.value) desk.value = found;
  } catch {
    // the bot does not run just now; the next look comes by itself
  }
}

/** Do something as the agent; false when it was refused, and the reason is shown. */
export async function act(session: string, what: string, more: Readonly<Record<string, unknown>> = {}): Promise<boolean> {
  try {
    await post(path("/agent/acts"), { session, do: what, ...more });
    return true;
  } catch (error) {
    told(error);
    return false;
  } finally {
    await look();
  }
}

export async function come(status: Status): Promise<void> {
  try {
    await put(path("/agent/presence"), { status });
  } catch (error) {
    told(error);
  }
  await look();
}

export function draft(session: string, text: string): void {
  drafts.value = { ...drafts.value, [session]: text };
}

const soon = gathered(() => void look(), 150);
onTurns({ turn: soon, session: soon, again: soon });

/** Keep in touch until the returned function is called. */
export function followDesk(): () => void {
  const again = setInterval(() => {
    if (!document.hidden && (desk.value.desk || bench.value === "there")) void look();
  }, EVERY);
  const end = effect(() => {
    void key.value;
    if (bench.value === "there") untracked(() => void look());
  });
  return () => {
    clearInterval(again);
    end();
  };
}
