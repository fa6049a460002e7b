import { describe, expect, test } from "vitest";
import { flat, linked, ofText, ofTextV2 } from "../../src/bubbles/pieces";

const name = (id: string): string => ({ U1: "Mai" })[id] ?? id;
const hrefs = (text: string): string[] => linked(text).flatMap((piece) => (piece.kind === "link" ? [piece.href] : []));

describe("links", () => {
  test.each([
    ["see https://example.com/a?b=c#d now", ["https://example.com/a?b=c#d"]],
    ["(https://example.com/a), or https://example.com/b.", ["https://example.com/a", "https://example.com/b"]],
    ["https://example.com/wiki/Tea_(drink)!", ["https://example.com/wiki/Tea_(drink)"]],
    ["詳しくはhttps://example.com/jaをご覧", ["https://example.com/ja"]],
    ["line://ti/p/@shop and mail tea@example.co.jp.", ["line://ti/p/@shop", "mailto:tea@example.co.jp"]],
    ["javascript:alert(1) data:text/html,x example.com", []],
    ["http://", []],
  ])("%s", (text, found) => {
    expect(hrefs(text)).toEqual(found);
  });

  test("nothing is lost", () => {
    const text = "a https://b.example/c, d@e.example! 終";
    expect(flat(linked(text))).toBe(text);
  });
});

describe("texts", () => {
  test("LINE emoji stand for their dollar signs alone", () => {
    const emoji = { productId: "p", emojiId: "001" };
    const found = ofText({ text: "$ and $", emojis: [{ index: 6, ...emoji }, { index: 2, ...emoji }] });
    expect(found.map((piece) => piece.kind)).toEqual(["plain", "emoji"]);
  });

  test("those of people have a length, and mentions are cut out by UTF-16 units", () => {
    const found = ofText({
      text: "😀 (hi) @Mai!",
      emojis: [{ index: 3, length: 4, productId: "p", emojiId: "1" }],
      mention: { mentionees: [{ index: 8, length: 4, type: "user", userId: "U1" }] },
    });
    expect(found).toContainEqual({ kind: "mention", text: "@Mai", user: "U1" });
    expect(flat(found)).toBe("😀 ☺ @Mai!");
  });

  test("marks that overlap or lie outside are left out", () => {
    const mentionees = [
      { index: 0, length: 4 },
      { index: 2, length: 4 },
      { index: 6, length: 99 },
      { index: -1, length: 2 },
      { index: "x" },
      null,
    ];
    expect(flat(ofText({ text: "abcdefgh", mention: { mentionees } }))).toBe("abcdefgh");
  });
});

describe("texts of version 2", () => {
  const shown = (text: string, substitution: object = {}): string => flat(ofTextV2({ text, substitution }, name, "All"));

  test("what is to be put in", () => {
    const substitution = {
      who: { type: "mention", mentionee: { type: "user", userId: "U1" } },
      all: { type: "mention", mentionee: { type: "all" } },
      smile: { type: "emoji", productId: "p", emojiId: "1" },
    };
    expect(shown("{who}, {all} {smile}", substitution)).toBe("@Mai, @All ☺");
  });

  test("braces, and keys nobody knows", () => {
    expect(shown("{{x}} {unknown} {toString} {!}")).toBe("{x} {unknown} {toString} {!}");
  });
});
