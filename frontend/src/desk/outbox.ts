/** What agents say is drawn at once and sent in order, chat by chat; what fails stays, with the reason, until somebody decides. */

import { whenTaken } from "./acts";
import { name, once, post, Refused } from "./api";
import type { Acted, Said } from "./shapes";
import { chatOf, myId, put, serverNow } from "./state";
import type { Out } from "./timeline";

/** Of whoever is in: nobody sends what somebody else wrote. */
const place = (): string => `noren.desk.unsent.${myId.peek()}`;
const lines = new Map<string, Promise<void>>();
let told: (session: string) => void = () => undefined;

/** Called when the server has something: the conversation looks again. */
export const whenSent = (act: (session: string) => void): void => void (told = act);

export interface Sending {
  session: string;
  case: string;
  said: Said[];
  quote?: { id: string; token: string };
  join?: boolean;
}

export function send({ session, case: id, said, quote, join }: Sending): void {
  const out: Out = { id: once(), session, case: id, at: serverNow(), said, state: "waiting", reason: "" };
  if (quote) Object.assign(out, { quoted: quote.id, quote: quote.token });
  sessions.add(session);
  chatOf(session).outs.value = [...chatOf(session).outs.value, out];
  keep();
  queue(out, join);
}

export function again(out: Out): void {
  change(out, { state: "waiting", reason: "", at: serverNow() });
  queue(out);
}

export function drop(out: Out): void {
  const chat = chatOf(out.session);
  chat.outs.value = chat.outs.value.filter((one) => one.id !== out.id);
  keep();
}

/** One after the other within a chat, so that words arrive as they were written. */
function queue(out: Out, join = false): void {
  const before = lines.get(out.session) ?? Promise.resolve();
  lines.set(
    out.session,
    before.then(() => deliver(out, join)),
  );
}

async function deliver(out: Out, join: boolean): Promise<void> {
  await whenTaken(out.case);
  const writer = myId.peek();
  const body = { id: out.id, messages: out.said, ...(out.quote && { quote: out.quote }), ...(join && { join }) };
  for (let attempt = 0; ; attempt++) {
    if (myId.peek() !== writer) return; // it waits for whoever wrote it
    try {
      const done = await post<Acted>(`/cases/${name(out.case)}/reply`, body);
      if (done.case) put(done.case);
      change(out, { state: "sent" });
      told(out.session);
      return;
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(0, String(error));
      // The server does the same id once only, so asking again is safe.
      if ((refused.status === 0 || refused.status >= 502) && attempt < 4) {
        await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
        continue;
      }
      change(out, { state: "failed", reason: refused.detail });
      return;
    }
  }
}

function change(out: Out, values: Partial<Out>): void {
  const chat = chatOf(out.session);
  chat.outs.value = chat.outs.value.map((one) => (one.id === out.id ? { ...one, ...values } : one));
  keep();
}

/** The server's own lines stand in for what was drawn before they came. */
export function settled(session: string): void {
  const chat = chatOf(session);
  if (!chat.outs.value.length) return;
  const there = new Set(chat.items.value.map((item) => item.event));
  const left = chat.outs.value.filter((out) => !there.has(`desk.${myId.value}.${out.id}`));
  if (left.length === chat.outs.value.length) return;
  chat.outs.value = left;
  keep();
}

const sessions = new Set<string>();

function keep(): void {
  const all = [...sessions].flatMap((session) => chatOf(session).outs.value);
  localStorage.setItem(place(), JSON.stringify(all.filter((out) => out.state !== "sent")));
}

/** After a reload: what had not gone out is there again, to be sent or thrown away. */
export function recall(): void {
  sessions.clear();
  try {
    const all = JSON.parse(localStorage.getItem(place()) ?? "[]") as Out[];
    for (const out of all) {
      const chat = chatOf(out.session);
      sessions.add(out.session);
      if (chat.outs.value.some((one) => one.id === out.id)) continue;
      chat.outs.value = [...chat.outs.value, out];
      if (out.state === "waiting") queue(out);
    }
  } catch {
    localStorage.removeItem(place());
  }
}
