/** The server's sentences in other languages. Pure. */

import { SERVER } from "./server";

export const fill = (text: string, parts: readonly (string | number)[]): string =>
  text.replace(/\{(\d)\}/g, (_, n: string) => String(parts[Number(n)] ?? ""));

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** Sentences in which something differs, as patterns. */
const PATTERNS = Object.entries(SERVER)
  .filter(([says]) => says.includes("{"))
  .map(([says, words]) => [new RegExp(`^${says.split(/\{\d\}/).map(escape).join("(.+)")}$`, "s"), words] as const);

/** `at`: which language, 0 is English. What differs may be a sentence itself; else `named` has its word. */
export function sentence(detail: string, at: number, named: (word: string) => string): string {
  if (at < 1) return detail;
  if (Object.hasOwn(SERVER, detail)) return SERVER[detail]?.[at - 1] ?? detail;
  for (const [pattern, words] of PATTERNS) {
    const parts = pattern.exec(detail)?.slice(1);
    if (parts) return fill(words[at - 1] ?? detail, parts.map((part) => sentence(part, at, named)));
  }
  return named(detail);
}
