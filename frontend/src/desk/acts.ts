/** What agents do to cases. The server decides; what it refuses is said in its own words. */

import { batch, signal } from "@preact/signals";
import { toast, told as trouble } from "../toasts";
import { get, name, once, post, put as change, Refused } from "./api";
import type { Acted, Status, Summary } from "./shapes";
import { answered, current, me, myId, page, pane, put, selected, status, toWrite } from "./state";
import { say } from "./words";

export type Data = Record<string, unknown>;

const TAKES: readonly string[] = ["accept", "claim"];

/** Do something to a case; whether it was done. */
export async function act(id: string, verb: string, data: Data = {}): Promise<boolean> {
  if (!TAKES.includes(verb)) await whenTaken(id);
  try {
    const found = await post<Acted>(`/cases/${name(id)}/acts`, { do: verb, id: once(), ...data });
    if (found.case) put(found.case);
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 409) await refresh(id);
    trouble(error);
    return false;
  }
}

/** What the server knows of a case that refused: somebody else was faster. */
async function refresh(id: string): Promise<void> {
  const found = await get<{ case: Summary }>(`/cases/${name(id)}`).catch(() => null);
  if (found) put(found.case);
}

export async function chatAct(session: string, verb: string, data: Data = {}): Promise<Summary | null> {
  try {
    const found = await post<Acted>(`/chats/${name(session)}/acts`, { do: verb, id: once(), ...data });
    if (found.case) put(found.case);
    return found.case ?? null;
  } catch (error) {
    trouble(error);
    return null;
  }
}

/** Bring a case into view, ready to be answered. */
export function open(id: string): void {
  toWrite.now = true;
  selected.value = id;
  page.value = "inbox";
  pane.value = "talk";
}

/** Cases the server was asked for: whoever takes one can write at once, and keys pressed meanwhile go there. */
export const taking = signal<ReadonlySet<string>>(new Set());
const answers = new Map<string, Promise<boolean>>();
/** When it is known whether the case became mine. */
export const whenTaken = async (id: string): Promise<void> => void (await answers.get(id));

async function take(id: string, verb: string, data: Data = {}): Promise<boolean> {
  const asked = answers.get(id);
  if (asked) return asked;
  const [before, side] = [selected.peek(), pane.peek()];
  const said = act(id, verb, data);
  answers.set(id, said);
  taking.value = new Set([...taking.value, id]);
  open(id);
  const done = await said;
  answers.delete(id);
  batch(() => {
    taking.value = new Set([...taking.value].filter((one) => one !== id));
    if (done || selected.peek() !== id) return;
    selected.value = before;
    pane.value = side;
  });
  return done;
}

/** The card goes at once, so that the same key answers the next one; it comes back when the server refuses. */
async function answer(offer: string, work: () => Promise<boolean>): Promise<boolean> {
  answered.value = new Set([...answered.value, offer]);
  const done = await work();
  if (!done) answered.value = new Set([...answered.value].filter((one) => one !== offer));
  return done;
}

const offerOf = (one: Summary): string => one.offer?.id ?? "";
export const accept = (one: Summary): Promise<boolean> => answer(offerOf(one), () => take(one.id, "accept", { offer: offerOf(one) }));
export const reject = (one: Summary): Promise<boolean> => answer(offerOf(one), () => act(one.id, "reject", { offer: offerOf(one) }));

export const claim = (id: string): Promise<boolean> => take(id, "claim");

export async function presence(wanted: Status): Promise<void> {
  const before = status.value;
  status.value = wanted;
  try {
    await change("/presence", { status: wanted });
  } catch (error) {
    status.value = before;
    trouble(error);
  }
}

/** The same to several cases: what some refuse is told once. */
export async function bulk(ids: readonly string[], verb: string, data: Data = {}): Promise<void> {
  const results = await Promise.all(
    ids.map((id) =>
      post<Acted>(`/cases/${name(id)}/acts`, { do: verb, id: once(), ...data }).then(
        (found) => {
          if (found.case) put(found.case);
          return "";
        },
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    ),
  );
  const bad = results.filter(Boolean);
  if (bad.length) toast(say("bulk_some", ids.length - bad.length, bad.length, bad[0] ?? ""), "bad");
  else toast(say("bulk_done", ids.length), "good");
}

let lastTyping = 0;

/** Colleagues see that somebody writes; LINE shows its waiting dots. Told every few seconds at most. */
export function typing(): void {
  const one = current.value;
  if (!one || Date.now() - lastTyping < 4000) return;
  lastTyping = Date.now();
  post(`/cases/${name(one.id)}/typing`).catch(() => undefined);
}

export const isMine = (one: Summary | null): boolean => Boolean(one && (taking.value.has(one.id) || (one.agent && one.agent === myId.value)));
export const queueTitle = (id: string): string => me.value?.queues.find((one) => one.id === id)?.title || id;
