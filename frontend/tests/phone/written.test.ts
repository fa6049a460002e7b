import { expect, test } from "vitest";
import { emojiIn, mentionAt, mentionsIn } from "../../src/phone/written";

const MAI = { to: "U1", name: "Mai" };
const MAIKO = { to: "U2", name: "Maiko" };

test("mentions are placed in UTF-16 units, the longer name first", () => {
  expect(mentionsIn("🍵 @Maiko and @Mai", [MAI, MAIKO])).toEqual([
    { to: "U2", index: 3, length: 6 },
    { to: "U1", index: 14, length: 4 },
  ]);
});

test("a mention that was deleted again is not told", () => {
  expect(mentionsIn("hello @nobody", [MAI])).toEqual([]);
});

test("the same person twice is two mentions", () => {
  expect(mentionsIn("@Mai @Mai", [MAI]).map((m) => m.index)).toEqual([0, 5]);
});

test("a picker opens behind an @ that begins a word", () => {
  expect(mentionAt("hi @Ma", 6)).toEqual({ from: 3, word: "Ma" });
  expect(mentionAt("こんにちは@", 6)).toEqual({ from: 5, word: "" });
  expect(mentionAt("mail a@b", 8)).toBe(null);
  expect(mentionAt("@Mai\nhello", 10)).toBe(null);
  expect(mentionAt("hello", 5)).toBe(null);
});

test("LINE emoji are found by name, other brackets are text", () => {
  const known = [{ name: "tea", productId: "p", emojiId: "001" }];
  expect(emojiIn("a (tea) (or not) (tea)", known)).toEqual([
    { index: 2, length: 5, productId: "p", emojiId: "001" },
    { index: 17, length: 5, productId: "p", emojiId: "001" },
  ]);
});
