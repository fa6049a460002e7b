/** The menu of one message. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Entry } from "../shapes";
import { chat, entries, me, picked, view } from "../state";
import { copy, unsend } from "./acts";
import { giveBack } from "./focus";
import { Icon, type IconName } from "./icons";
import { editing, focusText, jump, pointed, quoting, write } from "./ui";
import { say, type Word } from "./words";

/** What can be quoted: https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/ */
const QUOTED = ["text", "textV2", "sticker", "image", "video", "template", "flex"];

interface Item {
  word: Word;
  icon: IconName;
  act: () => void;
}

function itemsOf(entry: Entry): Item[] {
  const mine = entry.who === me.value && entry.via !== "note";
  const text = typeof entry.message.text === "string" ? entry.message.text : "";
  const editable = mine && entry.message.type === "text" && chat.value.startsWith("C");
  const may: (Item | false)[] = [
    QUOTED.includes(entry.message.type) && { word: "reply", icon: "reply", act: () => quote(entry) },
    Boolean(entry.quoted) && { word: "jump", icon: "unfold", act: () => (jump.value = entry.quoted ?? "") },
    text !== "" && { word: "copy", icon: "file", act: () => void copy(text) },
    editable && { word: "edit", icon: "keyboard", act: () => edit(entry.id, text) },
    mine && { word: "unsend", icon: "close", act: () => void unsend(entry.id) },
    { word: "inspect", icon: "search", act: () => inspect(entry.id) },
  ];
  return may.filter((item) => item !== false);
}

function quote(entry: Entry): void {
  editing.value = "";
  quoting.value = entry.id;
  focusText();
}

export function edit(id: string, text: string): void {
  quoting.value = "";
  editing.value = id;
  write(text);
  focusText();
}

function inspect(id: string): void {
  picked.value = id;
  view.value = "inspector";
}

export function MessageMenu() {
  const at = pointed.value;
  const entry = at && entries.value.find((one) => one.id === at.id);
  if (!at || !entry || entry.state === "unsent") return null;
  return <Open key={at.id} entry={entry} x={at.x} y={at.y} />;
}

function Open({ entry, x, y }: { entry: Entry; x: number; y: number }) {
  const box = useRef<HTMLDivElement>(null);
  const close = (): void => void (pointed.value = null);
  useLayoutEffect(() => {
    const menu = box.current;
    if (!menu) return;
    menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
    const before = document.activeElement;
    menu.querySelector("button")?.focus();
    return () => giveBack(before, menu);
  }, [x, y]);
  useEffect(() => {
    const outside = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) close();
    };
    addEventListener("pointerdown", outside);
    addEventListener("scroll", outside, true);
    return () => {
      removeEventListener("pointerdown", outside);
      removeEventListener("scroll", outside, true);
    };
  }, []);
  return (
    <div ref={box} class="pop" role="menu" aria-label={say("message_menu")} onKeyDown={(event) => step(event, box.current, close)}>
      {itemsOf(entry).map(({ word, icon, act }) => (
        <button
          key={word}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            close();
            act();
          }}
        >
          <Icon name={icon} size={17} />
          {say(word)}
        </button>
      ))}
    </div>
  );
}

/** Arrow keys go round, Escape and Tab close. */
export function step(event: KeyboardEvent, box: HTMLElement | null, close: () => void): void {
  const all = [...(box?.querySelectorAll<HTMLElement>("button") ?? [])];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const ways: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
  const next = ways[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    close();
    event.preventDefault();
    event.stopPropagation();
  } else if (next !== undefined) {
    all[(next + all.length) % all.length]?.focus();
    event.preventDefault();
  }
}
