import { expect, test } from "vitest";
import { filled, fitting, textOf } from "../../src/desk/composer/replies";
import type { Canned } from "../../src/desk/shapes";

const reply = (code: string, texts: Record<string, string>, title = ""): Canned => ({ id: code, code, title, texts, scope: "all" });
const HELLO = reply("hello", { en: "Hello {{ customer }}", ja: "こんにちは" }, "Greeting");
const ALL = [HELLO, reply("bye", { en: "Goodbye" }), reply("hell", { en: "Oh no" }), reply("parcel", { en: "Say hello to your parcel" })];

test("a reply is in the customer's language, else in English, else in what there is", () => {
  expect(textOf(HELLO, "ja")).toBe("こんにちは");
  expect(textOf(HELLO, "ja-JP")).toBe("こんにちは");
  expect(textOf(HELLO, "th")).toBe("Hello {{ customer }}");
  expect(textOf(reply("x", { th: "สวัสดี" }), "en")).toBe("สวัสดี");
});

test("what is known is filled in; what is not stays, so that it is noticed", () => {
  expect(filled("Hi {{customer}}, {{ agent }} of {{ shop }}", { customer: "Mai", agent: "" })).toBe("Hi Mai, {{ agent }} of {{ shop }}");
  expect(filled("{{ constructor }}", {})).toBe("{{ constructor }}");
});

test("what was filled in is not read again", () => {
  expect(filled("{{ customer }}", { customer: "{{ agent }}", agent: "Aya" })).toBe("{{ agent }}");
});

test("codes come before titles, titles before words", () => {
  expect(fitting(ALL, "hell", "en").map((one) => one.code)).toEqual(["hell", "hello", "parcel"]);
  expect(fitting(ALL, "greet", "en").map((one) => one.code)).toEqual(["hello"]);
  expect(fitting(ALL, "", "en")).toHaveLength(4);
  expect(fitting(ALL, "zzz", "en")).toEqual([]);
});
