/** A chat as rows: days, lines of the app itself, and messages that know whether they begin or end a group. */

import { withoutFollowers } from "../bubbles/sets";
import type { Entry } from "../shapes";

export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "note"; key: string; entry: Entry }
  | {
      kind: "message";
      key: string;
      entry: Entry;
      /** Shows picture and name: the first of several in a row by the same sender. */
      first: boolean;
      /** Shows the time: the last of its minute by the same sender. */
      last: boolean;
    };

/** The day of a time (ms) as a number, in this machine's time zone. */
export function dayOf(at: number): number {
  const date = new Date(at);
  return date.getFullYear() * 10_000 + date.getMonth() * 100 + date.getDate();
}

/** Who seems to speak: bots may lend a message another name and picture. */
export function speaker(entry: Entry): string {
  const sender = entry.message.sender as { name?: string; iconUrl?: string } | undefined;
  return sender ? `${entry.who} ${sender.name ?? ""} ${sender.iconUrl ?? ""}` : entry.who;
}

const spoken = (entry: Entry): boolean => entry.via !== "note" && entry.state !== "unsent";

export function rowsOf(all: readonly Entry[]): Row[] {
  const entries = withoutFollowers(all);
  const rows: Row[] = [];
  let day = 0;
  entries.forEach((entry, index) => {
    const today = dayOf(entry.at);
    const before = entries[index - 1];
    const after = entries[index + 1];
    const newDay = today !== day;
    if (newDay) rows.push({ kind: "day", key: `day ${today} ${entry.id}`, at: entry.at });
    day = today;
    if (!spoken(entry)) {
      rows.push({ kind: "note", key: entry.id, entry });
      return;
    }
    const goesOn = !newDay && before && spoken(before) && speaker(before) === speaker(entry);
    const ends =
      !after || !spoken(after) || speaker(after) !== speaker(entry) || minute(after) !== minute(entry) || dayOf(after.at) !== today;
    rows.push({ kind: "message", key: entry.id, entry, first: !goesOn, last: ends });
  });
  return rows;
}

const minute = (entry: Entry): number => Math.floor(entry.at / 60_000);

/** The entry whose quick replies are shown: the last message, if nobody chose from it. */
export function asking(entries: readonly Entry[]): Entry | null {
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    if (!entry || entry.via === "note") continue;
    return entry.who === "bot" && !entry.tapped && entry.buttons?.some((b) => b.place === "quick") ? entry : null;
  }
  return null;
}
