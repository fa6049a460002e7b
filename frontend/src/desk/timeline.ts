/** What was said and what happened in a chat, from the server's lines to rows of the page. Pure. */

import { actions } from "../bubbles/taps";
import { list, number, record, text } from "../bubbles/read";
import type { Loose } from "../bubbles/read";
import type { Entry, Message } from "../shapes";
import { dayOf } from "../phone/rows";
import type { Delivery, Row as Line, Said } from "./shapes";

export type Side = "user" | "bot" | "agent" | "note" | "event";
export type State = "sent" | "waiting" | "failed" | "held" | "unsent";

export interface Item {
  key: string;
  at: number;
  seq: number;
  side: Side;
  /** Who said or did it, as the server names them. */
  name: string;
  user: string;
  event: string;
  /** A message as the bubbles draw it; none for what happened. */
  entry?: Entry;
  state: State;
  via: string;
  billed: number;
  detail: string;
  /** What LINE needs to quote it. */
  quote: string;
  type: string;
  data: Loose;
}

export interface Out {
  id: string;
  session: string;
  case: string;
  at: number;
  said: Said[];
  state: "waiting" | "sent" | "failed";
  reason: string;
  quoted?: string;
  quote?: string;
}

/** States of the outbox as agents see them. */
const STATES: Readonly<Record<string, State>> = {
  sent: "sent",
  merged: "sent",
  waiting: "waiting",
  due: "waiting",
  held: "held",
  failed: "failed",
  unknown: "failed",
  dropped: "failed",
  suppressed: "failed",
};

/** What users send that is no message: shown as a line. */
const SPOKEN = ["text", "textV2", "sticker", "image", "video", "audio", "file", "location", "flex", "template", "imagemap", "coupon"];

export function itemOf(line: Line, session: string): Item {
  const key = `${line.what} ${line.seq}`;
  const base = { key, at: line.at, seq: line.seq, event: line.event, data: line.data, quote: "" };
  if (line.what === "happened") {
    const side = line.type === "note.added" ? "note" : "event";
    const actor = line.actor ?? {};
    const more = { side, name: actor.name ?? "", user: actor.id ?? "", type: line.type ?? "" } as const;
    return { ...base, ...more, state: "sent", via: "", billed: 0, detail: "" };
  }
  const side: Side = line.who === "user" ? "user" : line.who === "agent" ? "agent" : "bot";
  const sender = record(line.data.sender);
  const erased = line.data.erased === true;
  const user = text(line.user) || text(line.data.user);
  const item = {
    ...base,
    side,
    name: text(line.name) || text(sender.name),
    user,
    type: line.kind ?? "",
    quote: side === "user" ? text(line.data.quote_token) : "",
    ...delivered(side === "user" ? null : line.delivery, erased),
  };
  if (!erased && !SPOKEN.includes(line.kind ?? "")) return { ...item, side: "event", type: `user.${line.kind}` };
  return { ...item, entry: entryOf(line, session, side, user, erased) };
}

function delivered(found: Delivery | null | undefined, erased: boolean): Pick<Item, "state" | "via" | "billed" | "detail"> {
  const state = erased ? "unsent" : found ? (STATES[found.state] ?? "waiting") : "sent";
  return { state, via: found?.via ?? "", billed: found?.billed ?? 0, detail: found?.detail || (found && found.status >= 400 ? `HTTP ${found.status}` : "") };
}

function entryOf(line: Line, session: string, side: Side, user: string, erased: boolean): Entry {
  const [endpoint = "", chat = ""] = session.split(":");
  const message = side === "user" ? received(line) : (line.data as Message);
  const quoted = text(line.data.quoted);
  return {
    rev: line.seq,
    id: line.message || `${line.event} ${line.seq}`,
    bot: endpoint,
    chat,
    who: side === "user" ? user || chat : "bot",
    via: side === "user" ? "user" : "push",
    at: line.at,
    state: erased ? "unsent" : "sent",
    message: { ...message, type: text(message.type) || line.kind || "text" },
    ...(quoted && { quoted }),
  };
}

/** What a user sent, in the words of LINE's own message objects. */
export function received(line: Pick<Line, "kind" | "text" | "data">): Message {
  const { data } = line;
  const type = line.kind ?? "text";
  const stored = text(record(data.content).token);
  const from = stored ? `/desk/api/files/${encodeURIComponent(stored)}` : text(data.url);
  const preview = text(record(data.content).preview) || text(data.preview) || (type === "image" ? from : "");
  switch (type) {
    case "text":
      return {
        type,
        text: line.text ?? "",
        ...(data.emojis ? { emojis: data.emojis } : {}),
        mention: { mentionees: list(record(data.mention).places).map((at) => ({ ...record(at), userId: record(at).user })) },
      };
    case "sticker":
      return {
        type,
        packageId: data.package,
        stickerId: data.sticker,
        stickerResourceType: data.resource,
        keywords: data.keywords,
        text: data.text,
      };
    case "image":
    case "video":
    case "audio": {
      const set = record(data.set);
      const imageSet = text(set.id) ? { imageSet: { id: set.id, index: set.index, total: set.total } } : {};
      return { type, originalContentUrl: from, previewImageUrl: preview, duration: data.duration, ...imageSet };
    }
    case "file":
      return { type, fileName: data.name, fileSize: number(record(data.content).size) || number(data.size), url: from };
    case "location":
      return { type, title: data.title, address: data.address ?? line.text, latitude: data.latitude, longitude: data.longitude };
    default:
      return { ...data, type };
  }
}

/** What an agent is about to say, drawn before the server has it. */
export function drawn(said: Said): Message {
  const data = said.data ?? {};
  const url = text(data.url);
  switch (said.kind ?? "text") {
    case "sticker":
      return { type: "sticker", packageId: data.package, stickerId: data.sticker };
    case "image":
    case "video":
      return { type: said.kind ?? "image", originalContentUrl: url, previewImageUrl: text(data.preview) || url };
    case "audio":
      return { type: "audio", originalContentUrl: url, duration: data.duration };
    case "file":
      return { type: "file", fileName: data.name, fileSize: data.size, url };
    case "location":
      return { type: "location", title: data.title, address: data.address, latitude: data.latitude, longitude: data.longitude };
    case "flex":
    case "template":
      return { type: said.kind ?? "flex", altText: said.text, ...data };
    default:
      return { type: "text", text: said.text ?? "" };
  }
}

export function itemsOfOut(out: Out, name: string): Item[] {
  const [endpoint = "", chat = ""] = out.session.split(":");
  return out.said.map((said, index) => ({
    key: `out ${out.id} ${index}`,
    at: out.at,
    seq: 2 ** 50 + index,
    side: "agent",
    name,
    user: "",
    event: out.id,
    entry: {
      rev: 0,
      id: `out ${out.id} ${index}`,
      bot: endpoint,
      chat,
      who: "bot",
      via: "push",
      at: out.at,
      state: "sent",
      message: drawn(said),
      ...(index === 0 && out.quoted && { quoted: out.quoted }),
    },
    state: out.state === "failed" ? "failed" : "waiting",
    via: "",
    billed: 0,
    detail: out.reason,
    quote: "",
    type: said.kind ?? "text",
    data: {},
  }));
}

const before = (a: Item, b: Item): number =>
  a.at - b.at || Number(a.key.startsWith("happened")) - Number(b.key.startsWith("happened")) || a.seq - b.seq;

/** Known lines with fresh ones, which win; what did not change stays the same object, so that it is not drawn again. */
export function merge(known: readonly Item[], fresh: readonly Item[]): readonly Item[] {
  const all = new Map(known.map((item) => [item.key, item]));
  let changed = false;
  for (const item of fresh) {
    const old = all.get(item.key);
    if (old && old.state === item.state && old.via === item.via && old.billed === item.billed && old.detail === item.detail) continue;
    all.set(item.key, item);
    changed = true;
  }
  return changed ? [...all.values()].sort(before) : known;
}

export type TalkRow =
  | { kind: "day"; key: string; at: number }
  | { kind: "event"; key: string; item: Item }
  | { kind: "note"; key: string; item: Item }
  | { kind: "message"; key: string; item: Item; entry: Entry; first: boolean; last: boolean };

/** What happened that agents need to see in the conversation; the rest is bookkeeping. */
export const SHOWN: ReadonlySet<string> = new Set([
  "case.requested", "case.given", "case.transferred", "case.resolved", "case.closed", "case.cancelled", "case.waiting",
  "case.snoozed_until", "case.dropped", "case.joined", "case.monitored", "case.unanswered", "case.unreachable", "case.reachable", "case.reopened",
  "case.overdue", "case.offline", "offer.missed", "offer.rejected", "offer.withdrawn", "bot.paused", "bot.resumed", "survey.sent",
  "survey.answered", "survey.commented", "user.postback", "user.follow", "user.unfollow", "user.join", "user.leave",
  "user.member_joined", "user.member_left", "user.beacon", "user.unknown", "user.inactive",
  "case.changed",
]); // prettier-ignore

const minute = (item: Item | undefined): number => Math.floor((item?.at ?? 0) / 60_000);
const speaker = (item: Item): string => `${item.side} ${item.user} ${item.name}`;

/** What another line says too: a chat that was taken over was asked for, a survey's answer was tapped. */
const told = (item: Item): boolean =>
  (item.type === "case.requested" && item.data.by === "agent") ||
  (item.type === "user.postback" && text(item.data.data).startsWith("ho:"));

/** What agents quoted is known by its token only; the bubbles look for the message. */
function quote(items: readonly Item[]): void {
  const byToken = new Map(items.map((item) => [item.quote, item.entry?.id]));
  for (const { entry, side } of items) {
    const token = side === "user" ? "" : text(entry?.message.quoteToken);
    const found = token && byToken.get(token);
    if (entry && found && !entry.quoted) entry.quoted = found;
  }
}

export function rowsOf(items: readonly Item[]): TalkRow[] {
  const rows: TalkRow[] = [];
  let day = 0;
  quote(items);
  const shown = items.filter((item) => item.entry || item.side === "note" || (SHOWN.has(item.type) && !told(item)));
  shown.forEach((item, index) => {
    const today = dayOf(item.at);
    const newDay = today !== day;
    if (newDay) rows.push({ kind: "day", key: `day ${today}`, at: item.at });
    day = today;
    if (!item.entry) {
      rows.push({ kind: item.side === "note" ? "note" : "event", key: item.key, item });
      return;
    }
    const above = shown[index - 1];
    const below = shown[index + 1];
    const goesOn = !newDay && above?.entry && speaker(above) === speaker(item);
    // Of ours, every call tells what became of it; of theirs, the last of a minute tells the time.
    const same = item.side === "user" ? minute(below) === minute(item) : below?.event === item.event;
    const ends = !below?.entry || speaker(below) !== speaker(item) || !same || below.state !== item.state;
    rows.push({ kind: "message", key: item.key, item, entry: item.entry, first: !goesOn, last: ends });
  });
  return rows;
}

/** What stands on the button that sends this data, if a message of the bot has it. */
export function labelOf(items: readonly Item[], data: string): string {
  for (let index = items.length - 1; index >= 0; index--) {
    const message = items[index]?.entry?.message;
    if (!message) continue;
    const quick = list(record(message.quickReply).items).map((one) => record(record(one).action));
    const found = [...actions(message), ...quick].find((action) => text(action.data) === data);
    if (found) return text(found.label) || text(found.displayText) || text(found.text);
  }
  return "";
}

/** Texts longer than LINE takes, cut into messages: at line ends, else at spaces, else anywhere but inside a sign. */
export const LONGEST = 5000;
export function split(whole: string, most = LONGEST): string[] {
  const parts: string[] = [];
  let rest = whole.trim();
  while (rest.length > most) {
    const room = rest.slice(0, most);
    const found = [room.lastIndexOf("\n"), room.lastIndexOf("。") + 1, room.lastIndexOf(" ")].find((at) => at > most / 2);
    let at = found ?? most;
    // Not between the halves of a surrogate pair.
    if (/[\uD800-\uDBFF]/.test(rest[at - 1] ?? "")) at -= 1;
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest ? [...parts, rest] : parts;
}
