/** Spans of time: as people type them, and as they are told. */

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90`, `90m`, `1h 30m`, `2d` as milliseconds; numbers alone are minutes. `null`: not a span. */
export function span(typed: string): number | null {
  const text = typed.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 60_000);
  if (!/^(\d+(\.\d+)?\s*(min|[smhdw])\s*)+$/.test(text)) return null;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(min|[smhdw])/g)) sum += Number(count) * UNITS[unit!]!;
  return Math.round(sum);
}

/** A span as people say it: its two largest parts. */
export function long(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1_000));
  const parts: string[] = [];
  for (const [unit, size] of [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}
