/** Photos sent at once are one picture in the chat, made of all of them. */

import { computed } from "@preact/signals";
import type { Entry } from "../shapes";
import { entries } from "../state";
import { number, record, text } from "./read";

/** What the photos of one set have in common, or "" for everything else. */
const nameOf = (entry: Entry): string => {
  const id = entry.message.type === "image" && entry.state !== "unsent" ? text(record(entry.message.imageSet).id) : "";
  return id && `${entry.who} ${id}`;
};

const sets = computed(() => {
  const found = new Map<string, Entry[]>();
  for (const entry of entries.value) {
    const name = nameOf(entry);
    if (name) found.set(name, [...(found.get(name) ?? []), entry]);
  }
  return found;
});

const place = (entry: Entry): number => number(record(entry.message.imageSet).index);

/** The photos that are shown with this one, in the order they were chosen; itself alone when it is in no set. */
export function setOf(entry: Entry): readonly Entry[] {
  const found = sets.value.get(nameOf(entry)) ?? [entry];
  return [...found].sort((a, b) => place(a) - place(b));
}

/** Without the photos that are shown with an earlier one of their set. */
export function withoutFollowers(all: readonly Entry[]): Entry[] {
  const led = new Set<string>();
  return all.filter((entry) => {
    const name = nameOf(entry);
    const follows = led.has(name);
    if (name) led.add(name);
    return !follows;
  });
}
