/** Reading what may be anything: bots send mistakes, and the page shows them instead of breaking. */

import { reachable } from "../state";

export type Loose = Readonly<Record<string, unknown>>;

const NOTHING: Loose = Object.freeze({});

export const record = (value: unknown): Loose =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : NOTHING;

export const isRecord = (value: unknown): value is Loose => record(value) !== NOTHING;

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text, or a number as one; anything else is no text. */
export const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

export const number = (value: unknown, otherwise = 0): number =>
  typeof value === "number" && Number.isFinite(value) ? value : otherwise;

/** One of some words, else the first of them. */
export const among = <T extends string>(value: unknown, words: readonly [T, ...T[]]): T =>
  words.find((word) => word === value) ?? words[0];

/** An address that an image, a video or a sound may be loaded from, or "" for everything else. */
export function source(value: unknown): string {
  const url = text(value);
  if (/^https?:\/\//i.test(url)) return reachable(url);
  // What people sent is kept by the simulator itself, and by the runtime for its desk.
  return /^(blob:|data:(image|video|audio)\/|\/simulator\/api\/messages\/|\/desk\/api\/)/i.test(url) ? url : "";
}

/** An address that a link may lead to, or "": never a script. */
export function target(value: unknown): string {
  const url = text(value);
  return /^(https?:\/\/|line:\/\/|tel:|mailto:)/i.test(url) ? url : "";
}

/** What a table holds under a name; never what every object has. */
export const under = <T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined =>
  Object.hasOwn(table, text(name)) ? table[text(name)] : undefined;

const COLOR = /^#([0-9a-f]{6}|[0-9a-f]{8})$/i;

/** `#RRGGBB` or `#RRGGBBAA`: LINE takes no others. */
export const color = (value: unknown): string | undefined => (COLOR.test(text(value)) ? text(value) : undefined);
