/** What the keyboard does where no field has it. */

import { accept, reject } from "./acts";
import { DEEDS, togglePanel } from "./actions";
import { draft, draftOf } from "./drafts";
import { show } from "./live";
import { current, listed, me, offers, over, pane, selected, toWrite } from "./state";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The case that stands so far from the one in view. Whoever was writing goes on in its field. */
export function step(by: number): void {
  toWrite.now = typing(document.activeElement);
  const ids = listed.value;
  if (!ids.length) return;
  const at = ids.indexOf(selected.value);
  const next = at < 0 ? (by > 0 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + by));
  selected.value = ids[next] ?? "";
}

const words = (): void => document.getElementById("desk-words")?.focus();

function canned(): void {
  const one = current.value;
  if (!one) return;
  if (!draftOf(one.session).text) draft(one.session, { text: "/", note: false });
  words();
}

const PLAIN: Readonly<Record<string, () => void>> = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  r: words,
  n: () => note(true),
  "/": canned,
  i: togglePanel,
  "?": () => (over.value = "help"),
  "1": () => show({ kind: "mine" }),
  "2": () => show({ kind: "offers" }),
  "3": () => show({ kind: "waiting" }),
  "4": () => show({ kind: "all" }),
  s: () => document.getElementById("desk-search")?.focus(),
  Enter: () => {
    pane.value = "talk";
    words();
  },
};

function note(on: boolean): void {
  const one = current.value;
  if (!one) return;
  draft(one.session, { note: on });
  words();
}

/** The offer whose time runs out first: the one on the card. */
const first = () => [...offers.value].sort((a, b) => (a.offer?.until ?? 0) - (b.offer?.until ?? 0))[0];

const ALT: Readonly<Record<string, () => void>> = {
  a: () => first() && void accept(first()!),
  r: () => first() && void reject(first()!),
  n: () => note(!draftOf(current.value?.session ?? "").note),
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
};

export function keys(event: KeyboardEvent): void {
  if (!me.value || event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    over.value = over.value === "palette" ? "" : "palette";
    return;
  }
  if (over.value || event.ctrlKey || event.metaKey) return;
  if (event.altKey) {
    // Alt and a letter may write another sign on some keyboards; the key itself is meant.
    const act = ALT[event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
    return;
  }
  if (event.key === "Escape") toWrite.now = false;
  if (typing(event.target)) return;
  if (event.target instanceof HTMLElement && ["Enter", "ArrowDown", "ArrowUp"].includes(event.key) && event.target.closest("button, a, [role=log], [role=menu]")) return;
  const one = current.value;
  const deed = one && DEEDS.find((found) => found.keys === event.key && found.can(one));
  const act = deed ? () => deed.do(one) : PLAIN[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
