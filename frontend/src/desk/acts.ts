/** What agents do to cases. The server decides; what it refuses is said in its own words. */

import { toast, told as trouble } from "../toasts";
import { get, name, once, post, put as change, Refused } from "./api";
import type { Acted, Status, Summary } from "./shapes";
import { current, me, myId, page, pane, put, selected, status } from "./state";
import { say } from "./words";

export type Data = Record<string, unknown>;

/** Do something to a case; whether it was done. */
export async function act(id: string, verb: string, data: Data = {}): Promise<boolean> {
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

export function open(id: string): void {
  selected.value = id;
  page.value = "inbox";
  pane.value = "talk";
}

export async function accept(one: Summary): Promise<void> {
  if (await act(one.id, "accept", { offer: one.offer?.id ?? "" })) open(one.id);
}

export const reject = (one: Summary): Promise<boolean> => act(one.id, "reject", { offer: one.offer?.id ?? "" });

export async function claim(id: string): Promise<void> {
  if (await act(id, "claim")) open(id);
}

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

export const isMine = (one: Summary | null): boolean => Boolean(one && one.agent && one.agent === myId.value);
export const queueTitle = (id: string): string => me.value?.queues.find((one) => one.id === id)?.title || id;
