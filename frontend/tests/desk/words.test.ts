import { expect, test } from "vitest";
import { ADMIN } from "../../src/desk/words/admin";
import { FRAME } from "../../src/desk/words/frame";
import { HAPPENED } from "../../src/desk/words/happened";
import { sentence } from "../../src/desk/words/sentences";
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
  const own = ["case.given", "case.transferred", "case.snoozed_until", "offer.missed", "offer.rejected", "offer.withdrawn", "survey.answered", "survey.commented", "case.changed", "user.postback"];
  const keys = new Set(all.map(([key]) => key));
  expect([...SHOWN].filter((type) => !own.includes(type) && !keys.has(`happened.${type}`))).toEqual([]);
});

test("what the server says is told in the language of the page, with what differs in it", () => {
  const named = (word: string): string => (word === "wrap_up" ? "後処理" : word);
  expect(sentence("sign in first", 0, named)).toBe("sign in first");
  expect(sentence("too many wrong tries; try again in 40 s", 1, named)).toBe("失敗が続いたため、40秒後にもう一度お試しください");
  expect(sentence("the case is wrap_up", 1, named)).toBe("案件の状態は「後処理」です");
  expect(sentence("by push: the reply token is too old", 1, named)).toBe("プッシュで送信：無料で返信できる時間を過ぎました");
  expect(sentence("(something) [else]", 1, named)).toBe("(something) [else]");
  expect(sentence("zip files are not sent here; these are: image, pdf", 4, named)).toBe("Berkas zip tidak bisa dikirim; bisa: image, pdf");
});
