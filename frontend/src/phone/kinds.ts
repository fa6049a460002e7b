/** What can happen beside messages, and what is asked about it. */

import type { Word } from "./words";

export interface FieldOf {
  name: string;
  word: Word;
  value: string;
  choices?: readonly string[];
  lines?: number;
  json?: boolean;
  number?: boolean;
  optional?: boolean;
}

interface Kind {
  kind: string;
  word: Word;
  /** Whether it happens in groups as well. */
  groups?: boolean;
  fields: readonly FieldOf[];
}

const RAW = '{"type": "things", "source": {"type": "user"}}';

export const KINDS: readonly Kind[] = [
  {
    kind: "postback",
    word: "postback",
    groups: true,
    fields: [
      { name: "data", word: "data", value: "" },
      { name: "params", word: "params", value: "", json: true, optional: true, lines: 2 },
    ],
  },
  {
    kind: "beacon",
    word: "beacon",
    fields: [
      { name: "hwid", word: "hwid", value: "0123456789" },
      { name: "type", word: "kind", value: "enter", choices: ["enter", "banner", "stay"] },
      { name: "dm", word: "device_message", value: "", optional: true },
    ],
  },
  {
    kind: "account_link",
    word: "account_link",
    fields: [
      { name: "nonce", word: "nonce", value: "nonce-1" },
      { name: "result", word: "result", value: "ok", choices: ["ok", "failed"] },
    ],
  },
  {
    kind: "membership",
    word: "membership",
    fields: [
      { name: "type", word: "kind", value: "joined", choices: ["joined", "left", "renewed"] },
      { name: "id", word: "plan", value: "1", number: true },
    ],
  },
  { kind: "follow", word: "befriend", fields: [] },
  { kind: "unfollow", word: "block", fields: [] },
  { kind: "raw", word: "raw_event", groups: true, fields: [{ name: "event", word: "event_json", value: RAW, json: true, lines: 6 }] },
];

/** The fields as the control API takes them. Throws when a text is no JSON object. */
export function bodyOf(fields: readonly FieldOf[], values: Readonly<Record<string, string>>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const text = values[field.name] ?? field.value;
    if (!text && field.optional) continue;
    body[field.name] = field.json ? object(text) : field.number ? Number(text) : text;
  }
  return body;
}

function object(text: string): object {
  const found: unknown = JSON.parse(text);
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new SyntaxError("no object");
  return found;
}
