/** Troubles that are on, and turning them on and off. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { get, patch, post, remove } from "../api";
import type { Bot, User } from "../shapes";
import { bot, bots, chat, connected, heard, theBot, users } from "../state";
import { bench, gathered, path, slowness } from "./bench";
import { attempt } from "./kit";
import type { Fault } from "./shapes";
import { faulty, isBlocked, SETTINGS, type Answers, type Setting } from "./weather";

/** An event that LINE keeps back, or has sent. */
export interface Hook {
  id: string;
  bot: string;
  chat: string;
  state: string;
  tries: number;
  last: { reason?: string; status?: number };
  event: { type: string; message?: { type: string; text?: string }; postback?: { data: string } };
}

export const faults = signal<readonly Fault[]>([]);
export const held = signal<readonly Hook[]>([]);
/** Milliseconds by which this page keeps every event back, where there is no runtime that could be slow itself. */
const delay = signal(0);
export const slow = computed(() => (bench.value === "there" ? slowness.value : delay.value));
/** Settings that go back by themselves after the next webhook. */
const passing = signal<readonly string[]>([]);

const at = (name: string) => `/bots/${encodeURIComponent(name)}`;
export const chatUser = computed<User | null>(() => users.value.find((one) => one.id === chat.value) ?? null);
export const blocked = computed(() => isBlocked(chatUser.value, bot.value));
export const standing = computed(() => theBot.value?.standby_chats?.includes(chat.value) ?? false);
export const settingsOn = computed(() => SETTINGS.filter((one) => theBot.value && one.is(theBot.value)));
export const holding = computed(() => theBot.value?.hold ?? false);

/** Held back until somebody lets go, rather than for a while. */
export const keeping = computed(() => holding.value && !delay.value);

/** How many troubles are on: the number on the tab. */
export const active = computed(
  () => faults.value.length + settingsOn.value.length + (keeping.value ? 1 : 0) + (slow.value ? 1 : 0) + (blocked.value ? 1 : 0) + (standing.value ? 1 : 0),
);

export async function look(): Promise<void> {
  try {
    faults.value = (await get<{ faults: Fault[] }>("/faults")).faults;
    const of = bot.value;
    if (holding.value && of) held.value = (await get<{ webhooks: Hook[] }>(`${at(of)}/webhooks?state=held`)).webhooks;
    else held.value = [];
    if (delay.value) held.value.forEach(later);
  } catch {
    // the simulator is away; whoever sees the page sees that too
  }
}

export const addFault = (row: Answers, once: boolean) => attempt(() => post("/faults", faulty(row, bot.value, once)).then(look));
export const clearFault = (id: string) => attempt(() => remove(`/faults/${id}`).then(look, look));

export function setTo(values: Partial<Bot>): Promise<unknown> {
  return attempt(() => patch(at(bot.value), values).then(look));
}

export async function turnOn(row: Setting, once: boolean): Promise<void> {
  await setTo(row.on);
  passing.value = once ? [...passing.value, row.id] : passing.value;
}

export async function turnOff(row: Setting): Promise<void> {
  passing.value = passing.value.filter((id) => id !== row.id);
  await setTo(row.off);
}

/** A webhook has met the settings that were meant for one. */
function passed(): void {
  for (const row of SETTINGS.filter(isPassing)) void turnOff(row);
}

export const isPassing = (row: Setting) => passing.value.includes(row.id);

// ── events kept back ────────────────────────────────────────────────────────────────────────────────────────

const timed = new Set<string>();

/** Let an event go when its delay is over. */
function later(hook: Hook): void {
  if (timed.has(hook.id)) return;
  timed.add(hook.id);
  const of = hook.bot;
  setTimeout(() => {
    timed.delete(hook.id);
    void post(`${at(of)}/webhooks/release`, { events: [hook.id] }).then(look, look);
  }, delay.value);
}

export async function beSlow(ms: number): Promise<void> {
  if (bench.value === "there") {
    await attempt(() => post(path("/runtime"), { do: "slow", ms }));
    return;
  }
  if (ms) {
    delay.value = ms;
    await setTo({ hold: true });
  } else await letGo();
}

export const hold = () => setTo({ hold: true });

/** Release what is held, in the order of `events`; nothing named means all as they happened. */
export const release = (events: string[], batch = 1) =>
  attempt(() => post(`${at(bot.value)}/webhooks/release`, { events, batch }).then(look));

export async function letGo(): Promise<void> {
  delay.value = 0;
  await setTo({ hold: false });
  if (held.value.length) await release([]);
  await look();
}

/** The last event of the chat in view, once more. */
export const repeat = (duplicate: boolean) =>
  attempt(() => post("/webhooks/redeliver", { bot: bot.value, chat: chat.value, duplicate }));

// ── this chat ───────────────────────────────────────────────────────────────────────────────────────────────

/** The stream does not tell of control over chats: the bot is asked. */
export const standby = (on: boolean) =>
  attempt(async () => {
    const of = at(bot.value);
    await post(`${of}/events`, { kind: on ? "deactivated" : "activated", chat: chat.value });
    const now = await get<Bot>(of);
    bots.value = bots.value.map((one) => (one.name === now.name ? now : one));
  });

export const block = (on: boolean) =>
  attempt(() => (on ? remove : post)(`${at(bot.value)}/followers/${encodeURIComponent(chat.value)}`));

export async function clearAll(): Promise<void> {
  if (faults.value.length) await attempt(() => remove("/faults"));
  for (const row of settingsOn.value) await turnOff(row);
  if (holding.value) await letGo();
  if (slow.value) await beSlow(0);
  if (standing.value) await standby(false);
  if (blocked.value) await block(false);
  await look();
}

/** Follow what is used up, held back, or set by others. */
export function followFaults(): () => void {
  const soon = gathered(() => void look(), 250);
  const changes = effect(() => {
    const change = heard.value;
    if (change?.kind === "webhook") untracked(passed);
    soon();
  });
  const places = effect(() => {
    if (bot.value && connected.value && theBot.value) soon();
  });
  return () => {
    changes();
    places();
  };
}
