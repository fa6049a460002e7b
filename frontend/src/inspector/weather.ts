/** What can be made to go wrong, as one table: how each trouble is set, and whether it is on. */

import type { Bot, User } from "../shapes";
import type { Fault } from "./shapes";
import type { Word } from "./words";

/** A trouble of LINE's API: a fault of the simulator that waits for requests. */
export interface Answers {
  id: string;
  title: Word;
  told: Word;
  fault: { kind: string; path: string; ms?: number };
}

/** A trouble that is a setting of the bot's account: on with `on`, off again with `off`. */
export interface Setting {
  id: string;
  title: Word;
  told: Word;
  on: Partial<Bot>;
  off: Partial<Bot>;
  /** Can go back by itself after the next webhook. */
  once?: boolean;
  is: (bot: Bot) => boolean;
}

const SENDING = "/v2/bot/message/*";
const REPLY = "/v2/bot/message/reply";
const PUSH = "/v2/bot/message/push";
const CONTENT = "/v2/bot/message/*/content";

export const ANSWERS: readonly Answers[] = [
  { id: "expired", title: "expiredToken", told: "expiredTokenTold", fault: { kind: "expired_token", path: REPLY } },
  { id: "rate", title: "rateLimit", told: "rateLimitTold", fault: { kind: "rate_limit", path: SENDING } },
  { id: "quota", title: "monthlyLimit", told: "monthlyLimitTold", fault: { kind: "monthly_quota", path: PUSH } },
  { id: "error", title: "serverError", told: "serverErrorTold", fault: { kind: "server_error", path: SENDING } },
  { id: "reset", title: "resetBefore", told: "resetBeforeTold", fault: { kind: "reset_before", path: SENDING } },
  { id: "resetAfter", title: "resetAfter", told: "resetAfterTold", fault: { kind: "reset_after", path: SENDING } },
  { id: "slow", title: "slowLine", told: "slowLineTold", fault: { kind: "delay", path: SENDING, ms: 5_000 } },
  { id: "content", title: "contentNotReady", told: "contentNotReadyTold", fault: { kind: "preparing", path: CONTENT } },
];

/** LINE's own time for a webhook's answer, and one that no bot keeps. */
const PATIENT = 2_000;
const IMPATIENT = 1;

export const SETTINGS: readonly Setting[] = [
  {
    id: "timeout",
    title: "webhookTimeout",
    told: "webhookTimeoutTold",
    on: { timeout: IMPATIENT },
    off: { timeout: PATIENT },
    once: true,
    is: (bot) => bot.timeout === IMPATIENT,
  },
  { id: "doubled", title: "doubled", told: "doubledTold", on: { copies: 2 }, off: { copies: 1 }, once: true, is: (bot) => bot.copies > 1 },
  { id: "webhookOff", title: "webhookOff", told: "webhookOffTold", on: { webhook: false }, off: { webhook: true }, is: (bot) => !bot.webhook },
  { id: "standbyAll", title: "standbyAll", told: "standbyAllTold", on: { standby: true }, off: { standby: false }, is: (bot) => bot.standby },
];

/** The request that sets a trouble of LINE's API: for the next request, or until it is cleared. */
export function faulty({ fault }: Answers, bot: string, once: boolean): Record<string, unknown> {
  return { ...fault, bot, times: once ? 1 : null };
}

/** Which fault of the simulator belongs to which row of the table; `undefined` for those set elsewhere. */
export function rowOf(fault: Pick<Fault, "kind" | "path">): Answers | undefined {
  return ANSWERS.find((row) => row.fault.kind === fault.kind && row.fault.path === fault.path);
}

export const isBlocked = (user: User | null, bot: string) => user?.relations[bot] === "blocked";
