/** What the page knows, as signals. Whoever draws reads them; whoever learns something new sets them. */

import { computed, signal } from "@preact/signals";
import type { Change } from "./api";
import type { Bot, Entry, Group, Menu, User } from "./shapes";

export const bots = signal<readonly Bot[]>([]);
export const users = signal<readonly User[]>([]);
export const groups = signal<readonly Group[]>([]);

/** The bot and the chat in view; in a group, the person whose phone this is. */
export const bot = signal("");
export const chat = signal("");
export const me = signal("");

/** Entries of the chat in view, oldest first. */
export const entries = signal<readonly Entry[]>([]);

/** Milliseconds by which the platform's clock is ahead of this machine's. */
export const ahead = signal(0);

/** The platform's time if it stands still, else 0. */
export const stopped = signal(0);

/** The platform's time now. */
export const platformNow = (): number => stopped.value || Date.now() + ahead.value;

/** Whether the simulator's stream stands, and whether anything was loaded yet. */
export const connected = signal(false);
export const loaded = signal(false);

/** The change of the simulator's stream that was heard last. Set outside of a batch, so that effects see every one. */
export const heard = signal<Change | null>(null);

/** The message that was clicked last: the inspector shows where it comes from. */
export const picked = signal("");

/** Which of the three areas is in view where there is room for one only. */
export const view = signal<"chats" | "phone" | "inspector">("phone");

/** `https://…` addresses of the bot's own media and where this page can fetch them; set by the workbench. */
export const media = signal<{ from: string; to: string } | null>(null);

/** An address as this page can load it. */
export function reachable(url: string): string {
  const at = media.value;
  return at && url.startsWith(at.from) ? at.to + url.slice(at.from.length) : url;
}

/** The last entry of each chat, and how many of the bot's messages were not seen, by `bot/chat`. */
export interface Summary {
  last: Entry;
  unread: number;
}

export const summaries = signal<Readonly<Record<string, Summary>>>({});
export const place = (bot: string, chat: string): string => `${bot}/${chat}`;

/** Until when (platform time) the bot's dots move in the chat in view, and the message it read last. */
export const loading = signal(0);
export const read = signal("");

/** The rich menu of the chat in view. */
export const menu = signal<Menu | null>(null);

/** How the last webhook of each bot went, when it went wrong. */
export const troubles = signal<Readonly<Record<string, { status: number; reason: string }>>>({});

export const theBot = computed(() => bots.value.find((b) => b.name === bot.value) ?? null);
export const theGroup = computed(() => groups.value.find((g) => g.id === chat.value) ?? null);
export const theUser = computed(() => users.value.find((u) => u.id === me.value) ?? null);
export const people = computed(() => new Map(users.value.map((u) => [u.id, u])));
