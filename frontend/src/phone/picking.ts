/** Where a date and time picker stands at first. */

import type { Action } from "../shapes";

export type Mode = "date" | "time" | "datetime";

/** LINE writes the T between day and time small or large. */
export const plain = (value: string | undefined): string | undefined => value?.replace("t", "T");

/** What the picker stands at: as told, else now, moved into what can be chosen. */
export function initialOf(action: Action, mode: Mode, now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  const parts = { date: local.slice(0, 10), time: local.slice(11, 16), datetime: local.slice(0, 16) };
  const value = plain(action.initial) ?? parts[mode];
  const [low, high] = [plain(action.min), plain(action.max)];
  if (low && value < low) return low;
  return high && value > high ? high : value;
}
