/** What was typed and not sent, per person and chat: kept in this browser, so that nothing typed is lost. */

import { signal } from "@preact/signals";

export interface Draft {
  text: string;
  note: boolean;
  at: number;
  /** The user's message that is answered. */
  quote?: { id: string; token: string; words: string };
}

let owner = "";
const place = (): string => `noren.desk.drafts.${owner}`;
const OLDEST = 30 * 86_400_000;
const EMPTY: Draft = { text: "", note: false, at: 0 };

function read(): Record<string, Draft> {
  try {
    const found = JSON.parse(localStorage.getItem(place()) ?? "{}") as Record<string, Draft>;
    return Object.fromEntries(Object.entries(found).filter(([, draft]) => Date.now() - draft.at < OLDEST));
  } catch {
    return {};
  }
}

export const drafts = signal<Readonly<Record<string, Draft>>>({});

/** The drafts of whoever is in; nobody sees those of others. */
export function openDrafts(of: string): void {
  if (owner) save();
  owner = of;
  touched.clear();
  drafts.value = of ? read() : {};
}

export const draftOf = (session: string): Draft => drafts.value[session] ?? EMPTY;

/** Chats of which this window knows what became of their drafts. */
const touched = new Set<string>();

let timer: ReturnType<typeof setTimeout> | undefined;

/** Change what is typed; `quote: undefined` takes the quote away. */
export function draft(session: string, change: Partial<Omit<Draft, "quote">> & { quote?: Draft["quote"] | undefined }): void {
  const { quote, ...next } = { ...draftOf(session), ...change, at: Date.now() };
  const { [session]: _, ...others } = drafts.value;
  const made: Draft = quote ? { ...next, quote } : next;
  touched.add(session);
  drafts.value = made.text || made.quote || made.note ? { ...others, [session]: made } : others;
  clearTimeout(timer);
  timer = setTimeout(save, 150);
}

function save(): void {
  clearTimeout(timer);
  if (!owner) return;
  // Another window of the same desk may have drafts of other chats.
  const merged = read();
  for (const session of touched) {
    const here = drafts.value[session];
    if (here) merged[session] = here;
    else delete merged[session];
  }
  localStorage.setItem(place(), JSON.stringify(merged));
}

addEventListener("pagehide", save);
