/** The conversation in view: which session it is, its state, and its turns, newest first. */

import { effect, signal, untracked } from "@preact/signals";
import { get, Refused } from "../api";
import { bot, chat, me } from "../state";
import { bench, gathered, key, onTurns, path } from "./bench";
import type { Session, Turn } from "./shapes";

/** More than this is not kept on the page. */
export const MOST = 1_000;
export const PAGE = 50;

export const session = signal<Session | null>(null);
export const turns = signal<readonly Turn[]>([]);
/** Whether the server has older turns than the last one here. */
export const older = signal(false);

/** Put a turn where it belongs: over its earlier state, or by its time among the others (newest first). */
export function placed(into: readonly Turn[], turn: Turn): readonly Turn[] {
  const at = into.findIndex((one) => one.event === turn.event);
  if (at >= 0 && into[at]!.at === turn.at) return into.map((one, index) => (index === at ? turn : one));
  if (at >= 0) return placed(into.toSpliced(at, 1), turn);
  const before = into.findIndex((one) => one.at <= turn.at);
  const where = before < 0 ? into.length : before;
  return [...into.slice(0, where), turn, ...into.slice(where)].slice(0, MOST);
}

/** A reply that is `unknown` may have arrived. */
const ARRIVED = new Set(["sent", "unknown"]);

/** What the chat's turns have cost so far. */
export function spent(of: readonly Turn[]): { replies: number; pushes: number; billed: number } {
  const sum = { replies: 0, pushes: 0, billed: 0 };
  for (const { deliveries } of of) {
    for (const one of deliveries.filter(({ state, billed }) => billed || ARRIVED.has(state))) {
      if (one.via === "reply") sum.replies++;
      else sum.pushes++;
      sum.billed += one.billed;
    }
  }
  return sum;
}

const at = (key: string) => `/sessions/${encodeURIComponent(key)}`;
let asked = 0;

async function find(endpoint: string, inChat: string, user: string): Promise<void> {
  const mine = ++asked;
  key.value = "";
  session.value = null;
  turns.value = [];
  older.value = false;
  if (!endpoint || !inChat) return;
  try {
    const found = await get<{ key: string }>(path("/sessions", { endpoint, chat: inChat, user }));
    if (mine !== asked) return;
    key.value = found.key;
    await Promise.all([refresh(), more()]);
  } catch {
    // a chat whose session cannot be named has none yet
  }
}

/** Ask for the session anew. Before its first event there is none. */
export async function refresh(): Promise<void> {
  const of = key.value;
  if (!of) return;
  try {
    const found = await get<Session>(path(at(of)));
    if (of === key.value) session.value = found;
  } catch (error) {
    if (of === key.value && error instanceof Refused && error.status === 404) session.value = null;
  }
}

/** Fetch older turns: the first page when there are none yet. */
export async function more(): Promise<void> {
  const of = key.value;
  const last = turns.value.at(-1)?.event;
  if (!of) return;
  try {
    const found = (await get<{ turns: Turn[] }>(path(`${at(of)}/turns`, { limit: PAGE, before: last }))).turns;
    if (of !== key.value) return;
    turns.value = found.reduce(placed, turns.value);
    older.value = found.length === PAGE && turns.value.length < MOST;
  } catch {
    older.value = false;
  }
}

/** What was missed while the stream was down: the newest page again. */
async function caughtUp(): Promise<void> {
  const of = key.value;
  if (!of) return void find(bot.value, chat.value, me.value);
  await refresh();
  const found = (await get<{ turns: Turn[] }>(path(`${at(of)}/turns`, { limit: PAGE }))).turns;
  if (of === key.value) turns.value = found.reduce(placed, turns.value);
}

const soon = gathered(() => void refresh(), 60);

onTurns({
  turn: (turn) => {
    if (turn.session !== key.value) return;
    turns.value = placed(turns.value, turn);
    soon();
  },
  session: (of) => {
    if (of === key.value) soon();
  },
  again: () => void caughtUp().catch(() => undefined),
});

/** Follow the chat in view from now on. */
export function watchChat(): () => void {
  return effect(() => {
    const [endpoint, inChat, user] = [bot.value, chat.value, me.value];
    if (bench.value === "there") untracked(() => void find(endpoint, inChat, user));
  });
}
