/** What can be tapped, and under which number the control API knows it. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { isRecord, list, record, text, under } from "./read";
import type { Loose } from "./read";

/**
 * The action objects of a message in the order of the control API's `buttons`, quick replies left out. The walk is that
 * of runtime/simulator/buttons.py; tests/bubbles/buttons.json holds both to it.
 */
export function actions(message: Loose): readonly Loose[] {
  const walk = under(WALKS, message.type);
  return walk ? walk(message) : [];
}

const WALKS: Readonly<Record<string, (message: Loose) => Loose[]>> = {
  template: ({ template }) => [record(template), ...list(record(template).columns)].filter(isRecord).flatMap(ofTemplate),
  imagemap: ({ actions, video }) => {
    const areas = list(actions).filter((area) => isRecord(area) && AREAS.includes(text(area.type)));
    return [...areas, record(video).externalLink].filter(isRecord);
  },
  flex: ({ contents }) => {
    const found: Loose[] = [];
    ofFlex(contents, found, 0);
    return found;
  },
};

const AREAS: readonly string[] = ["uri", "message", "clipboard"];

const ofTemplate = (part: Loose): Loose[] => [...list(part.actions), part.action, part.defaultAction].filter(isRecord);

/** How many lists and objects inside each other are looked through; no card is nested as deep. */
const DEEPEST = 200;

function ofFlex(part: unknown, found: Loose[], depth: number): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(part)) {
    for (const item of part) ofFlex(item, found, depth + 1);
  } else if (isRecord(part)) {
    if (isRecord(part.action)) found.push(part.action);
    for (const name of ["header", "hero", "body", "footer", "contents"]) ofFlex(part[name], found, depth + 1);
  }
}

/** Taps the action with this number. */
export interface Tapping {
  numbers: ReadonlyMap<unknown, number>;
  tap: (index: number) => void;
}

export const Taps = createContext<Tapping>({ numbers: new Map(), tap: () => undefined });

export function tapping(message: Loose, tap: (index: number) => void): Tapping {
  return { numbers: new Map(actions(message).map((action, index) => [action, index])), tap };
}

/** An inner button was meant, not the card around it: the event was taken, but others may still see it. */
const taken = new WeakSet<Event>();

interface Tapped {
  role?: "button" | "link";
  tabIndex?: number;
  title?: string;
  "aria-label"?: string;
  "data-tap"?: number;
  onClick?: (event: MouseEvent) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/**
 * What makes an element a button for `action`; nothing when it has none. `label` is for elements without words of
 * their own; `around` for those that hold further buttons.
 */
export function useTap(action: unknown, label = "", around = false): Tapped {
  const { numbers, tap } = useContext(Taps);
  const index = numbers.get(action);
  if (index === undefined) return {};
  const act = (event: Event): void => {
    if (taken.has(event)) return;
    taken.add(event);
    event.preventDefault();
    tap(index);
  };
  return {
    role: around ? "link" : "button",
    tabIndex: 0,
    title: told(record(action)),
    ...(label ? { "aria-label": label } : {}),
    "data-tap": index,
    onClick: act,
    onKeyDown: (event) => {
      if (event.key === "Enter" || event.key === " ") act(event);
    },
  };
}

const TELLING = ["data", "text", "uri", "linkUri", "clipboardText", "richMenuAliasId"] as const;

/** What an action does, for whoever points at it. */
export function told(action: Loose): string {
  const what = TELLING.map((name) => text(action[name])).find((value) => value !== "");
  return [text(action.type), what].filter(Boolean).join(": ");
}

/** What a button is called when it shows no words. */
export const named = (action: Loose): string =>
  text(action.label) || text(action.text) || text(action.displayText) || told(action);
