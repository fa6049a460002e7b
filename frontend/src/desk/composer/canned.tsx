/** Ready-made replies, found by their code or words, with what they stand for filled in before they are sent. */

import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { queueTitle } from "../acts";
import type { Known } from "../cases";
import type { Canned } from "../shapes";
import { canned, detail, me } from "../state";
import { say } from "../words";
import { filled, fitting, textOf } from "./replies";

export function values(one: Known): Record<string, string> {
  const context = Object.entries(detail.value?.case.context ?? {}).map(([key, value]) => [key, value === null ? "" : String(value)]);
  const own = me.value?.agent.name ?? "";
  return {
    ...Object.fromEntries(context),
    customer: one.subject,
    name: one.subject,
    agent: own,
    queue: queueTitle(one.queue),
    case: one.id,
    today: new Date().toLocaleDateString(one.language || undefined),
  };
}

/** Which is chosen, for as long as the same is typed. */
const at = signal({ typed: "", index: 0 });
/** As drawn last: keys that follow the typing at once mean these. */
let shown: readonly Canned[] = [];
let sought = "";
let language = "";
let known: Record<string, string> = {};

const index = (): number => (at.value.typed === sought ? Math.min(at.value.index, Math.max(0, shown.length - 1)) : 0);

/** The keys of the list, while the words are still in the field below it. */
export const found = {
  keys(event: KeyboardEvent, use: (text: string, one: Canned) => void): boolean {
    if (!shown.length || event.ctrlKey || event.metaKey) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at.value = { typed: sought, index: (index() + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length };
    } else if (event.key === "Enter" || event.key === "Tab") {
      const one = shown[index()];
      if (one) use(filled(textOf(one, language), known), one);
    } else return false;
    event.preventDefault();
    return true;
  },
};

/** What comes with the words: names of files, what stands on buttons. */
const brings = (one: Canned): string[] => [
  ...(one.messages ?? []).map((said) => `📎 ${String(said.data?.name ?? said.text ?? said.kind ?? "")}`),
  ...(one.quick ?? []).map((label) => `[${label}]`),
];

interface Props {
  one: Known;
  typed: string;
  use: (text: string, one: Canned) => void;
  close: () => void;
}

export function CannedList({ one, typed, use, close }: Props) {
  language = one.language;
  known = values(one);
  const all = fitting(canned.value, typed, language).slice(0, 50);
  shown = all;
  sought = typed;
  const here = index();
  const box = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => () => void (shown = []), []);
  useLayoutEffect(() => box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [here, typed]);
  const chosen = all[here];
  return (
    <div class="canned" role="listbox" aria-label={say("canned_replies")} onKeyDown={(event) => event.key === "Escape" && close()}>
      {all.length === 0 && <p class="soft">{say(canned.value.length ? "nothing_found" : "no_canned")}</p>}
      <ul ref={box}>
        {all.map((reply, place) => (
          <li key={reply.id}>
            <button
              type="button"
              role="option"
              aria-selected={place === here}
              onMouseEnter={() => (at.value = { typed, index: place })}
              onClick={() => use(filled(textOf(reply, language), known), reply)}
            >
              <code>/{reply.code}</code> <span>{reply.title || textOf(reply, language)}</span>
            </button>
          </li>
        ))}
      </ul>
      {chosen && (
        <p class="canned-preview">
          {filled(textOf(chosen, language), known)}
          {brings(chosen).map((name, place) => (
            <small key={place}>{name}</small>
          ))}
        </p>
      )}
    </div>
  );
}
