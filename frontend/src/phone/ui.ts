/** What the phone itself remembers: what is open, what is being written. */

import { effect, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { bot, chat, menu, place } from "../state";
import type { Mention } from "./written";

/** A sheet over the phone. `body` gets a function that closes it. */
export interface Sheet {
  title: string;
  body: (close: () => void) => ComponentChildren;
}

export const sheet = signal<Sheet | null>(null);
export const openSheet = (title: string, body: Sheet["body"]): void => void (sheet.value = { title, body });
export const closeSheet = (): void => void (sheet.value = null);

/** What stands below the text field in place of a phone's keyboard. */
export const panel = signal<"" | "attach" | "stickers">("");

/** With a rich menu: whether its picture is unfolded, and whether the text field is shown instead of its bar. */
export const unfolded = signal(false);
export const typing = signal(false);

/** Messages being quoted or edited, by id. */
export const quoting = signal("");
export const editing = signal("");

/** The message whose menu is open, and where. */
export const pointed = signal<{ id: string; x: number; y: number } | null>(null);

/** A message to bring into view, and one that was just brought there. */
export const jump = signal("");
export const found = signal("");

export const doubled = signal(false);
export const altShown = signal(localStorage.getItem("noren.alt") === "1");
effect(() => localStorage.setItem("noren.alt", altShown.value ? "1" : "0"));

// ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Draft {
  text: string;
  mentions: readonly Mention[];
}

const NONE: Draft = { text: "", mentions: [] };
const STORE = "noren.drafts";
const drafts = signal<Readonly<Record<string, Draft>>>(JSON.parse(sessionStorage.getItem(STORE) ?? "{}"));
effect(() => sessionStorage.setItem(STORE, JSON.stringify(drafts.value)));

const here = (): string => place(bot.value, chat.value);
export const draft = (): Draft => drafts.value[here()] ?? NONE;

export function write(text: string, mentions: readonly Mention[] = draft().mentions): void {
  const { [here()]: _, ...others } = drafts.value;
  drafts.value = text ? { ...others, [here()]: { text, mentions } } : others;
}

/** Where the caret is to stand once the text field is drawn: keys pressed meanwhile must not be lost. */
export const caretTo = signal<number | null>(null);

/** Bring the text field into view and the caret to the end of the text. */
export function focusText(at = draft().text.length): void {
  typing.value = true;
  caretTo.value = at;
}

// Another chat begins with nothing open; a rich menu shows itself as its `selected` says.
effect(() => {
  void here();
  panel.value = "";
  quoting.value = "";
  editing.value = "";
  pointed.value = null;
  typing.value = false;
});

let shown = "";
effect(() => {
  const id = menu.value ? `${here()} ${menu.value.richMenuId}` : "";
  if (id === shown) return;
  // Switching between the tabs of an open menu leaves it open.
  const switched = Boolean(shown && id) && shown.split(" ")[0] === here() && unfolded.peek();
  shown = id;
  unfolded.value = switched || (menu.value?.selected ?? false);
  // A menu that comes while somebody writes does not take the text field away.
  if (document.activeElement?.classList.contains("composer-text")) typing.value = true;
});
