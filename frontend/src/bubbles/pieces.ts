/** Texts cut into what LINE draws differently: links, LINE emoji and mentions. Indexes are UTF-16 units, as LINE's. */

import { isRecord, list, number, record, text } from "./read";
import type { Loose } from "./read";

export type Piece =
  | { kind: "plain"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "emoji"; product: string; emoji: string }
  | { kind: "mention"; text: string; user: string };

interface Mark {
  start: number;
  end: number;
  piece: Piece;
}

const LINK = /(?:https?|line):\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

/** Plain text with its addresses as links: http, https, line and e-mail. A sentence's last marks are no part of them. */
export function linked(plain: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of plain.matchAll(LINK)) {
    const address = trimmed(match[0]);
    if (match.index > at) found.push({ kind: "plain", text: plain.slice(at, match.index) });
    found.push({ kind: "link", text: address, href: address.includes("://") ? address : `mailto:${address}` });
    at = match.index + address.length;
  }
  if (at < plain.length) found.push({ kind: "plain", text: plain.slice(at) });
  return found;
}

function trimmed(address: string): string {
  let end = address.length;
  for (;;) {
    const last = address[end - 1] ?? "";
    const open = { ")": "(", "]": "[" }[last];
    const part = address.slice(0, end);
    const spare = open ? part.split(last).length > part.split(open).length : ".,;:!?'*".includes(last);
    if (!last || !spare) return part;
    end -= 1;
  }
}

function cut(whole: string, marks: readonly Mark[]): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const mark of [...marks].sort((a, b) => a.start - b.start)) {
    if (mark.start < at || mark.end > whole.length) continue;
    found.push(...linked(whole.slice(at, mark.start)), mark.piece);
    at = mark.end;
  }
  return [...found, ...linked(whole.slice(at))];
}

/**
 * A text message: `emojis` of bots stand for a `$` each, those of people have a length; mentions are people's.
 * https://developers.line.biz/en/reference/messaging-api/#text-message
 */
export function ofText(message: Loose): Piece[] {
  const whole = text(message.text);
  const emojis = list(message.emojis).filter(isRecord).flatMap((emoji): Mark[] => {
    const start = integer(emoji.index);
    const end = start + Math.max(1, integer(emoji.length, 1));
    if (start < 0 || (emoji.length === undefined && whole[start] !== "$")) return [];
    return [{ start, end, piece: { kind: "emoji", product: text(emoji.productId), emoji: text(emoji.emojiId) } }];
  });
  const mentions = list(record(message.mention).mentionees).filter(isRecord).flatMap((to): Mark[] => {
    const start = integer(to.index);
    const end = start + integer(to.length);
    if (start < 0 || end <= start) return [];
    return [{ start, end, piece: { kind: "mention", text: whole.slice(start, end), user: text(to.userId) } }];
  });
  return cut(whole, [...emojis, ...mentions]);
}

const integer = (value: unknown, otherwise = -1): number => {
  const found = number(value, otherwise);
  return Number.isInteger(found) ? found : otherwise;
};

const PLACE = /\{\{|\}\}|\{([a-zA-Z0-9_]{1,20})\}/g;

/**
 * A text of version 2: `{key}` stands for a substitution, `{{` and `}}` for braces. `name` tells what people are called.
 * https://developers.line.biz/en/reference/messaging-api/#text-message-v2
 */
export function ofTextV2(message: Loose, name: (user: string) => string, everyone: string): Piece[] {
  const whole = text(message.text);
  const substitutions = record(message.substitution);
  const found: Piece[] = [];
  let plain = "";
  let at = 0;
  for (const match of whole.matchAll(PLACE)) {
    plain += whole.slice(at, match.index);
    at = match.index + match[0].length;
    const key = match[1];
    if (key === undefined) {
      plain += match[0][0];
      continue;
    }
    const piece = Object.hasOwn(substitutions, key) ? substituted(record(substitutions[key]), name, everyone) : null;
    if (piece) {
      found.push(...linked(plain), piece);
      plain = "";
    } else {
      plain += match[0];
    }
  }
  return [...found, ...linked(plain + whole.slice(at))];
}

function substituted(given: Loose, name: (user: string) => string, everyone: string): Piece | null {
  if (given.type === "emoji") return { kind: "emoji", product: text(given.productId), emoji: text(given.emojiId) };
  if (given.type !== "mention") return null;
  const to = record(given.mentionee);
  if (to.type === "all") return { kind: "mention", text: `@${everyone}`, user: "" };
  return { kind: "mention", text: `@${name(text(to.userId))}`, user: text(to.userId) };
}

/** The text as notifications show it. */
export const flat = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === "emoji" ? "☺" : piece.text)).join("");
