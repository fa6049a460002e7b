/** Rows of a report, with the days on which nothing happened. Pure. */

export interface Totals {
  opened?: number;
  closed?: number;
  wait_p50?: number | null;
  wait_p90?: number | null;
  first_reply_p50?: number | null;
  handle_p50?: number | null;
  resolve_p50?: number | null;
  survey?: { n: number; avg: number | null } | null;
  containment?: number | null;
  line?: { replies: number; pushes: number; units: number };
}
export type Row = Totals & { key?: string; day?: string; agent?: string; queue?: string };
export const DAY = 86_400_000;

/** Every day of the span, also those on which nothing happened. */
export function everyDay(rows: readonly Row[], days: number, now: number): Row[] {
  const found = new Map(rows.map((row) => [row.key ?? "", row]));
  const dates = Array.from({ length: days }, (_, index) => new Date(now - (days - 1 - index) * DAY));
  const keys = dates.map((at) => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`);
  // The server's days may begin elsewhere: none of its rows is left out.
  return [...new Set([...keys, ...found.keys()])].sort().map((key) => found.get(key) ?? { key });
}
