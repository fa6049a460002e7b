/** What a turn changed in the variables, down to the value that differs. */

import type { VarChange } from "./shapes";

export interface Difference {
  path: string;
  kind: "added" | "removed" | "changed";
  before?: unknown;
  after?: unknown;
}

const plain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (!plain(one) || !plain(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => name in other && same(one[name], other[name]));
}

/** Objects are compared name by name; everything else, lists too, as a whole. */
export function differences({ path, before, after }: VarChange): Difference[] {
  if (same(before, after)) return [];
  if (plain(before) && plain(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => one(`${path}.${name}`, name in before, before[name], name in after, after[name]));
  }
  const there = (value: unknown) => value !== undefined && value !== null;
  return one(path, there(before), before, there(after), after);
}

function one(path: string, was: boolean, before: unknown, is: boolean, after: unknown): Difference[] {
  if (!was) return [{ path, kind: "added", after }];
  if (!is) return [{ path, kind: "removed", before }];
  if (plain(before) && plain(after)) return differences({ path, before, after });
  return same(before, after) ? [] : [{ path, kind: "changed", before, after }];
}
