import { expect, test } from "vitest";
import { merged } from "../src/merging";
import type { Entry } from "../src/shapes";

const entry = (id: string, rev: number): Entry => ({
  rev,
  id,
  bot: "shop",
  chat: "U1",
  who: "U1",
  via: "user",
  at: 0,
  state: "sent",
  message: { type: "text" },
});

test("what is new comes last, what changed stays in its place", () => {
  const found = merged([entry("a", 1), entry("b", 2)], [entry("a", 4), entry("c", 3)]);
  expect(found.map((e) => [e.id, e.rev])).toEqual([["a", 4], ["b", 2], ["c", 3]]);
});

test("a late answer does not undo what the stream told already", () => {
  expect(merged([entry("a", 5)], [entry("a", 1)])[0]?.rev).toBe(5);
});

test("nothing new is the same list", () => {
  const old = [entry("a", 1)];
  expect(merged(old, [])).toBe(old);
});
