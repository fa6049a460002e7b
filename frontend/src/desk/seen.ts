/** What I have looked at: words in the chat in view are read, although an answer is still owed. LINE tells nobody. */

import { computed, effect, signal } from "@preact/signals";
import type { Summary } from "./shapes";
import { caseOf, current, mine, myId, page } from "./state";

const MOST = 500;
const place = (): string => `noren.desk.seen.${myId.peek()}`;
/** Case → when the newest words were said that I saw. */
const seen = signal<Readonly<Record<string, number>>>({});
const looking = signal(document.hasFocus());
addEventListener("focus", () => (looking.value = true));
addEventListener("blur", () => (looking.value = false));

/** How many of the customer's words I have not seen. */
export const unreadOf = (one: Summary): number => (one.heard && (seen.value[one.id] ?? 0) >= one.heard ? 0 : one.unread);

/** My chats with words that I have not seen. Their news come by their own signals: `mine` tells who, not what. */
export const unreadChats = computed(() => mine.value.filter((one) => unreadOf(caseOf(one.id)?.value ?? one) > 0).length);

effect(() => {
  if (!myId.value) return;
  try {
    seen.value = JSON.parse(localStorage.getItem(place()) ?? "{}") as Record<string, number>;
  } catch {
    seen.value = {};
  }
});

effect(() => {
  const one = current.value;
  if (!one?.unread || !looking.value || page.value !== "inbox" || (seen.peek()[one.id] ?? 0) >= one.heard) return;
  const { [one.id]: _, ...others } = seen.peek();
  seen.value = Object.fromEntries([...Object.entries(others), [one.id, one.heard] as const].slice(-MOST));
  localStorage.setItem(place(), JSON.stringify(seen.value));
});
