import "./browser";
import { expect, test } from "vitest";
import { setOf, withoutFollowers } from "../../src/bubbles/sets";
import type { Entry } from "../../src/shapes";
import { entries } from "../../src/state";

const photo = (id: string, set: object | undefined, more: Partial<Entry> = {}): Entry => ({
  rev: 1, id, bot: "shop", chat: "U1", who: "U1", via: "user", at: 0, state: "sent",
  message: { type: "image", ...(set ? { imageSet: set } : {}) }, ...more,
});
const ids = (found: readonly Entry[]): string[] => found.map((entry) => entry.id);

test("photos chosen together are shown with the first that is still there", () => {
  const [b, a, alone] = [photo("b", { id: "S", index: 2 }), photo("a", { id: "S", index: 1 }), photo("x", undefined)];
  entries.value = [b, alone, a];
  expect(ids(withoutFollowers(entries.value))).toEqual(["b", "x"]);
  expect(ids(setOf(b))).toEqual(["a", "b"]);
  expect(ids(setOf(alone))).toEqual(["x"]);

  entries.value = [{ ...b, state: "unsent" }, alone, a];
  expect(ids(withoutFollowers(entries.value))).toEqual(["b", "x", "a"]);
  expect(ids(setOf(a))).toEqual(["a"]);
});

test("sets of others, and odd ones, stay apart", () => {
  const all = [photo("a", { id: "S" }), photo("b", { id: "S" }, { who: "U2" }), photo("c", {}), photo("d", [] as object)];
  entries.value = all;
  expect(ids(withoutFollowers(all))).toEqual(["a", "b", "c", "d"]);
});
