/** Help, and the keys of the page. */

import { chat, view } from "../state";
import { step } from "./list";
import { draft, focusText, openSheet, panel, sheet, write } from "./ui";
import { say, type Word } from "./words";

const KEYS: readonly (readonly [string, Word])[] = [
  ["Enter", "key_send"],
  ["Shift + Enter", "key_line"],
  ["↑", "key_last"],
  ["/", "key_write"],
  ["Ctrl + K", "key_search"],
  ["Alt + ↑ ↓", "key_next"],
  ["↑ ↓", "key_arrows"],
  ["Shift + F10", "key_menu"],
  ["Esc", "key_close"],
  ["?", "key_help"],
];

export function openHelp(): void {
  view.value = "phone";
  openSheet(say("help"), () => (
    <>
      <p>{say("help_intro")}</p>
      <dl class="keys">
        {KEYS.map(([key, word]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(word)}</dd>
          </div>
        ))}
      </dl>
    </>
  ));
}

/** Whether the chat is what keys would go to. */
function writing(): boolean {
  const at = document.activeElement;
  return Boolean(chat.value) && (at === document.body || Boolean(at?.closest(".phone")));
}

/** Keys that work wherever nothing is being written. */
export function keys(event: KeyboardEvent): void {
  const inField = (event.target as Element).closest?.("input, textarea, select, [contenteditable]");
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") {
    view.value = "chats";
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".chats-search input")?.focus());
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    step(event.key === "ArrowUp" ? -1 : 1);
  } else if (event.key === "Escape" && panel.value) {
    panel.value = "";
  } else if (inField || command || event.altKey || sheet.value) {
    return;
  } else if (event.key === "/") {
    focusText();
  } else if (event.key === "?") {
    openHelp();
  } else if (event.key.length === 1 && event.key !== " " && writing()) {
    // Whoever begins to type means the text field, even where a rich menu stands in its place.
    write(draft().text + event.key);
    focusText();
  } else {
    return;
  }
  event.preventDefault();
}
