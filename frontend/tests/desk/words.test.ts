import { expect, test } from "vitest";
import { ADMIN } from "../../src/desk/words/admin";
import { FRAME } from "../../src/desk/words/frame";
import { HAPPENED } from "../../src/desk/words/happened";
import { TALK } from "../../src/desk/words/talk";
import { SHOWN } from "../../src/desk/timeline";

const TABLES = { FRAME, TALK, ADMIN, HAPPENED };
const all: [string, readonly string[]][] = Object.values(TABLES).flatMap((table) => Object.entries(table));
const slots = (text: string): string => [...text.matchAll(/\{\d\}/g)].map(String).sort().join();

test("every word is there in five languages", () => {
  expect(all.filter(([, words]) => words.length !== 5 || words.some((word) => !word.trim())).map(([key]) => key)).toEqual([]);
});

test("no word stands in two tables", () => {
  expect(new Set(all.map(([key]) => key)).size).toBe(all.length);
});

test("what is put in is put in in every language", () => {
  const wrong = all.filter(([, words]) => words.some((word) => slots(word) !== slots(words[0] ?? "")));
  expect(wrong.map(([key]) => key)).toEqual([]);
});

test("whatever is shown as having happened has words", () => {
  const own = ["case.given", "case.transferred", "case.snoozed_until", "offer.missed", "offer.rejected", "survey.answered", "survey.commented", "case.changed", "user.postback"];
  const keys = new Set(all.map(([key]) => key));
  expect([...SHOWN].filter((type) => !own.includes(type) && !keys.has(`happened.${type}`))).toEqual([]);
});
