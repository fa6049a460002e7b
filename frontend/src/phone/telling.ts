/** Times, names and one-line previews as LINE shows them. */

import { summary } from "../bubbles/summary";
import type { Entry } from "../shapes";
import { people, platformNow, theBot } from "../state";
import { language } from "../words/words";
import { dayOf } from "./rows";
import { say } from "./words";

type Form = "time" | "day" | "date";
const FORMS: Record<Form, Intl.DateTimeFormatOptions> = {
  time: { hour: "numeric", minute: "2-digit" },
  day: { weekday: "short", month: "short", day: "numeric" },
  date: { month: "numeric", day: "numeric" },
};
const made = new Map<string, Intl.DateTimeFormat>();

function form(form: Form, at: number): string {
  const key = `${language.value} ${form}`;
  let maker = made.get(key);
  if (!maker) made.set(key, (maker = new Intl.DateTimeFormat(language.value, FORMS[form])));
  return maker.format(at);
}

export const timeOf = (at: number): string => form("time", at);
export const dateOf = (at: number): string => form("day", at);

export function dayName(at: number): string {
  const now = platformNow();
  if (dayOf(at) === dayOf(now)) return say("today");
  if (dayOf(at) === dayOf(now - 86_400_000)) return say("yesterday");
  return form("day", at);
}

/** The time today, else the day: for the list of chats. */
export function whenOf(at: number): string {
  const now = platformNow();
  if (dayOf(at) === dayOf(now)) return timeOf(at);
  return dayOf(at) === dayOf(now - 86_400_000) ? say("yesterday") : form("date", at);
}

export interface Voice {
  name: string;
  picture: string;
  id: string;
}

/** Who says an entry: a person, or the bot under its own or a lent name. */
export function voiceOf(entry: Entry): Voice {
  if (entry.who !== "bot") {
    const person = people.value.get(entry.who);
    return { id: entry.who, name: person?.name ?? entry.who.slice(0, 8), picture: person?.picture ?? "" };
  }
  const sender = entry.message.sender as { name?: string; iconUrl?: string } | undefined;
  const bot = theBot.value;
  return {
    id: `bot ${entry.bot} ${sender?.name ?? ""}`,
    name: sender?.name ?? bot?.display_name ?? entry.bot,
    picture: sender?.iconUrl ?? bot?.picture ?? "",
  };
}

const NOTES: Readonly<Record<string, "note_friend" | "note_unblocked" | "note_blocked" | "note_joined" | "note_left">> = {
  "added as a friend": "note_friend",
  unblocked: "note_unblocked",
  blocked: "note_blocked",
  joined: "note_joined",
  left: "note_left",
};

/** A line of the app itself: somebody came, left, blocked, or took a message back. */
export function noteOf(entry: Entry, me: string): string {
  if (entry.state === "unsent") {
    return entry.who === me ? say("you_unsent") : say("they_unsent", voiceOf(entry).name);
  }
  const text = String(entry.message.text ?? "");
  const bot = theBot.value?.display_name ?? entry.bot;
  const known = NOTES[text];
  if (known) return say(known, voiceOf(entry).name, bot);
  if (text.endsWith(" was removed")) return say("note_removed", text.slice(0, -" was removed".length));
  if (text.endsWith(" joined")) return say("note_joined", text.slice(0, -" joined".length));
  return text;
}

/** What the list of chats shows of the last entry. */
export function lastLine(entry: Entry | undefined, me: string): string {
  if (!entry) return say("nothing_yet");
  return entry.via === "note" || entry.state === "unsent" ? noteOf(entry, me) : summary(entry);
}
