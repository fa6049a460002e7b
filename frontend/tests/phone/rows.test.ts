import { expect, test } from "vitest";
import { asking, rowsOf } from "../../src/phone/rows";
import type { Entry } from "../../src/shapes";

const NOON = new Date(2026, 10, 20, 12, 0, 0).getTime();
let count = 0;

function entry(who: string, at: number, more: Partial<Entry> = {}): Entry {
  const id = String(++count);
  return { rev: count, id, bot: "shop", chat: "U1", who, via: "user", at, state: "sent", message: { type: "text", text: "x" }, ...more };
}

const shape = (entries: Entry[]) =>
  rowsOf(entries).map((row) => (row.kind === "message" ? `${row.first ? "<" : "-"}${row.last ? ">" : "-"}` : row.kind));

test("messages of one sender within a minute are one group with one time", () => {
  expect(shape([entry("bot", NOON), entry("bot", NOON + 1000), entry("U1", NOON + 2000)])).toEqual(["day", "<-", "->", "<>"]);
});

test("a later minute shows its own time but no second name", () => {
  expect(shape([entry("bot", NOON), entry("bot", NOON + 61_000)])).toEqual(["day", "<>", "->"]);
});

test("a new day begins a new group under its own line", () => {
  expect(shape([entry("bot", NOON), entry("bot", NOON + 86_400_000)])).toEqual(["day", "<>", "day", "<>"]);
});

test("another name lent to a message is another sender", () => {
  const lent = entry("bot", NOON, { message: { type: "text", text: "x", sender: { name: "Cony" } } });
  expect(shape([entry("bot", NOON), lent, entry("bot", NOON)])).toEqual(["day", "<>", "<>", "<>"]);
});

test("notes and unsent messages stand alone and part groups", () => {
  const left = entry("U2", NOON, { via: "note" });
  const unsent = entry("U1", NOON, { state: "unsent" });
  expect(shape([entry("U1", NOON), left, entry("U1", NOON), unsent, entry("U1", NOON)])).toEqual([
    "day",
    "<>",
    "note",
    "<>",
    "note",
    "<>",
  ]);
});

const quick = (more: Partial<Entry> = {}) =>
  entry("bot", NOON, { buttons: [{ index: 0, place: "quick", label: "Tea", action: { type: "message" } }], ...more });

test("quick replies stand at the last message only, until one is chosen", () => {
  const last = quick();
  expect(asking([entry("U1", NOON), last])).toBe(last);
  expect(asking([last, entry("U2", NOON, { via: "note" })])).toBe(last);
  expect(asking([last, entry("U1", NOON)])).toBe(null);
  expect(asking([quick({ tapped: true })])).toBe(null);
  expect(asking([])).toBe(null);
});
