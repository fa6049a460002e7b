/** Keeps the state up to date: once from the control API, then from its stream. */

import { batch, effect, signal, untracked } from "@preact/signals";
import { Refused, follow, get } from "./api";
import { merged } from "./merging";
import { spaced } from "./spaced";
import { told } from "./toasts";
import * as state from "./state";
import type { Bot, Entry, Group, Menu, User } from "./shapes";

interface Overview {
  clock: { now: number; stopped: boolean };
  rev: number;
  bots: Bot[];
  users: User[];
  groups: Group[];
}

interface History {
  entries: Entry[];
  loading: number;
  read: string;
}

const KINDS = ["said", "changed", "bot", "user", "group", "loading", "read", "richmenu", "webhook", "clock", "reset"];
/** Milliseconds at least between two looks at everybody, and two drawings of the list of chats. */
const GAP = 250;
const FIRST = 60;
const ALL = 100_000;

/** Load everything and follow what happens, until the page is closed. `nobody` is called where there are no people. */
export async function start(nobody: () => Promise<void>): Promise<void> {
  effect(() => void (state.bot.value && listed(state.bot.value)));
  effect(() => void opened(state.bot.value, state.chat.value));
  effect(() => void menued(state.bot.value, state.chat.value));
  const rev = await overview();
  let broken = false;
  follow(
    "/stream",
    KINDS,
    (change) => {
      HEARD[change.kind]?.(change.data as never);
      state.heard.value = change;
    },
    (up) => {
      if (up && broken) void again().then(peopled);
      broken = !up;
      state.connected.value = up;
    },
    rev,
  );
  await peopled();

  async function peopled(): Promise<void> {
    if (!state.users.value.length) await nobody();
  }
}

async function again(): Promise<void> {
  await overview();
  state.entries.value = [];
  const [bot, chat] = [state.bot.value, state.chat.value];
  await Promise.all([listed(bot), opened(bot, chat), menued(bot, chat)]);
}

/** Bots, people, groups and the clock. Tells the rev; tries again for as long as nobody answers. */
async function overview(): Promise<number> {
  for (;;) {
    try {
      const seen = await get<Overview>("/");
      batch(() => {
        state.bots.value = seen.bots;
        state.users.value = seen.users;
        state.groups.value = seen.groups;
        clock(seen.clock.now, seen.clock.stopped);
        choose();
        state.loaded.value = true;
      });
      return seen.rev;
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

/** The bot and chat in view must exist; the address of the page may name them. */
function choose(): void {
  const [bot, chat] = location.hash.slice(2).split("/").map(decodeURIComponent);
  if (!state.bots.value.some((b) => b.name === state.bot.value)) {
    state.bot.value = (state.bots.value.find((b) => b.name === bot) ?? state.bots.value[0])?.name ?? "";
  }
  const there = (id: string | undefined) =>
    state.users.value.some((u) => u.id === id) || state.groups.value.some((g) => g.id === id);
  if (!there(state.chat.value)) openChat(there(chat) && chat ? chat : (state.users.value[0]?.id ?? ""));
}

/** Bring a chat into view. In a group the phone is that of its first member, until another is chosen. */
export function openChat(chat: string): void {
  batch(() => {
    const group = state.groups.value.find((g) => g.id === chat);
    state.me.value = group ? (group.members.includes(state.me.value) ? state.me.value : (group.members[0] ?? "")) : chat;
    if (state.chat.value !== chat) {
      state.chat.value = chat;
      state.entries.value = [];
      state.menu.value = null;
    }
    seen();
  });
  if (chat) history.replaceState(null, "", `#/${encodeURIComponent(state.bot.value)}/${chat}`);
}

export function openBot(name: string): void {
  if (name === state.bot.value) return;
  batch(() => {
    state.bot.value = name;
    state.entries.value = [];
    state.menu.value = null;
  });
  openChat(state.chat.value);
}

function seen(): void {
  const key = state.place(state.bot.value, state.chat.value);
  const known = state.summaries.value[key];
  if (known?.unread) state.summaries.value = { ...state.summaries.value, [key]: { ...known, unread: 0 } };
}

async function listed(bot: string): Promise<void> {
  const { chats } = await quiet(get<{ chats: { chat: string; last: Entry }[] }>(`/bots/${bot}/chats`), { chats: [] });
  const known = untracked(() => state.summaries.value);
  const found = chats.map(({ chat, last }) => {
    const key = state.place(bot, chat);
    return [key, { last, unread: known[key]?.unread ?? 0 }] as const;
  });
  const others = Object.entries(known).filter(([key]) => !key.startsWith(`${bot}/`));
  state.summaries.value = Object.fromEntries([...others, ...found]);
}

/** The newest entries at once, the rest as soon as they are there. */
async function opened(bot: string, chat: string): Promise<void> {
  if (!bot || !chat) return;
  for (const limit of [FIRST, ALL]) {
    const none: History = { entries: [], loading: 0, read: "" };
    const found = await quiet(get<History>(`/bots/${bot}/chats/${chat}?limit=${limit}`), none);
    if (bot !== state.bot.value || chat !== state.chat.value) return;
    batch(() => {
      state.entries.value = merged(found.entries, state.entries.value);
      state.loading.value = found.loading ? state.platformNow() + found.loading : 0;
      state.read.value = found.read;
    });
    if (found.entries.length < limit) return;
  }
}

async function menued(bot: string, chat: string): Promise<void> {
  const none = !untracked(() => state.theBot.value?.menus);
  if (!bot || none || !chat.startsWith("U")) return void (state.menu.value = null);
  const found = await quiet(get<Menu | null>(`/bots/${bot}/users/${chat}/menu`), null);
  if (bot === state.bot.value && chat === state.chat.value) state.menu.value = found;
}

/** What is not there counts as `none`; anything else that goes wrong is told. */
async function quiet<T>(asked: Promise<T>, none: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Refused) || (error.status !== 404 && error.status !== 0)) told(error);
    return none;
  }
}

// ── the stream ──────────────────────────────────────────────────────────────────────────────────────────────

/** `changed`: it stood there before. */
type News = Entry & { changed?: boolean };
let waiting: News[] = [];

/** The last message of a bot that came in a chat that is not in view. */
export const arrived = signal<Entry | null>(null);

const HEARD: Readonly<Record<string, (data: never) => void>> = {
  said: (entry: Entry) => collect(entry),
  changed: (entry: Entry) => collect({ ...entry, changed: true }),
  bot: () => soon(),
  user: () => soon(),
  group: () => soon(),
  clock: (data: { now: number; stopped: boolean }) => clock(data.now, data.stopped),
  loading: (data: { bot: string; chat: string; seconds: number }) => {
    if (inView(data)) state.loading.value = state.platformNow() + data.seconds * 1000;
  },
  read: (data: { bot: string; chat: string; message: string }) => {
    if (inView(data)) state.read.value = data.message;
  },
  richmenu: (data: { bot: string }) => {
    if (data.bot === state.bot.value) soon(true);
  },
  webhook: (data: { bot: string; status: number; reason: string }) => {
    const known = state.troubles.value;
    if (data.reason === "OK" && known[data.bot]) {
      state.troubles.value = Object.fromEntries(Object.entries(known).filter(([name]) => name !== data.bot));
    } else if (data.reason !== "OK") {
      state.troubles.value = { ...known, [data.bot]: { status: data.status, reason: data.reason } };
    }
  },
  reset: () => {
    waiting = [];
    listing = [];
    batch(() => {
      state.summaries.value = {};
      state.entries.value = [];
      state.menu.value = null;
      state.loading.value = 0;
      state.read.value = "";
      state.troubles.value = {};
    });
    soon();
  },
};

const inView = (data: { bot: string; chat: string }): boolean =>
  data.bot === state.bot.value && data.chat === state.chat.value;

/** Many people may write at once: what arrives within one frame is drawn together. */
function collect(entry: News): void {
  waiting.push(entry);
  if (waiting.length > 1) return;
  if (document.hidden) setTimeout(flush, 100);
  else requestAnimationFrame(flush);
}

function flush(): void {
  const found = waiting;
  waiting = [];
  listing.push(...found);
  list();
  const mine = found.filter(inView);
  if (!mine.length) return;
  batch(() => {
    state.entries.value = merged(state.entries.value, mine);
    if (mine.some((entry) => entry.who === "bot")) state.loading.value = 0;
    if (mine.some((entry) => entry.via === "note")) soon();
  });
}

/** What the list of chats has not shown yet. It may lag a little, so that the chat in view never does. */
let listing: News[] = [];

const list = spaced(() => {
  const found = listing;
  listing = [];
  const summaries = { ...state.summaries.value };
  let news: Entry | null = null;
  for (const entry of found) {
    const key = state.place(entry.bot, entry.chat);
    const known = summaries[key];
    const fresh = !entry.changed && entry.who === "bot" && !inView(entry);
    if (fresh) news = entry;
    const newer = !entry.changed || !known || known.last.id === entry.id;
    summaries[key] = { last: newer ? entry : known.last, unread: (known?.unread ?? 0) + (fresh ? 1 : 0) };
  }
  batch(() => {
    state.summaries.value = summaries;
    if (news) arrived.value = news;
  });
}, GAP);

let menuToo = false;
const look = spaced(async () => {
  const menu = menuToo;
  menuToo = false;
  await overview();
  if (menu) await menued(state.bot.value, state.chat.value);
}, GAP);

/** Look at everybody again, once for many changes; and at the rich menu. */
function soon(menu = false): void {
  menuToo ||= menu;
  look();
}

function clock(now: number, still: boolean): void {
  state.stopped.value = still ? now : 0;
  const ahead = now - Date.now();
  state.ahead.value = Math.abs(ahead) < 1500 ? 0 : ahead;
}
