import type { Entry } from "./shapes";

/** A chat with what came or changed since, in the order things were said. Of two states of an entry the later one counts. */
export function merged(old: readonly Entry[], news: readonly Entry[]): readonly Entry[] {
  if (!news.length) return old;
  const places = new Map(old.map((entry, index) => [entry.id, index]));
  const found = [...old];
  for (const entry of news) {
    const at = places.get(entry.id);
    if (at === undefined) {
      places.set(entry.id, found.push(entry) - 1);
    } else if ((found[at]?.rev ?? 0) <= entry.rev) {
      found[at] = entry;
    }
  }
  return found;
}
