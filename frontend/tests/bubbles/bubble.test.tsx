import "./browser";
import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { Bubble } from "../../src/bubbles/bubble";
import { summary } from "../../src/bubbles/summary";
import type { Entry, Message } from "../../src/shapes";
import { SCRIPT, SOUND, odd, scripted } from "./odd";

const doing = { tap: () => undefined };

function entry(message: Record<string, unknown>, more: Partial<Entry> = {}): Entry {
  const own = { rev: 1, id: "1", bot: "shop", chat: "U1", who: "bot", via: "push", at: 0, state: "sent" } as const;
  return { ...own, message: message as Message, ...more };
}

const drawn = (message: Record<string, unknown>, more: Partial<Entry> = {}): string =>
  render(<Bubble entry={entry(message, more)} doing={doing} />);

const named = (message: Record<string, unknown>): string =>
  `${String(message.type)} ${String((message.template as { type?: string } | undefined)?.type ?? "")}`;

test.each(SOUND.map((message) => [named(message), message] as const))("%s is drawn", (_, message) => {
  const html = drawn(message);
  expect(html).not.toContain("cannot be drawn");
  expect(html.length).toBeGreaterThan(40);
});

test.each(SOUND.map((message) => [named(message), message] as const))("no spoilt %s throws", (_, message) => {
  let count = 0;
  for (const spoilt of odd(message)) {
    drawn(spoilt, { who: count % 3 ? "bot" : "U1" });
    expect(typeof summary(entry(spoilt))).toBe("string");
    count += 1;
  }
  expect(count).toBeGreaterThan(20);
}, 60_000);

test.each(SOUND.map((message) => [named(message), message] as const))("a script in every text of a %s is text", (_, message) => {
  for (const who of ["bot", "U1"]) {
    const html = drawn(scripted(message) as Record<string, unknown>, { who, quoted: SCRIPT });
    expect(html).not.toMatch(/<script|<img src="?x|javascript:/i);
    // No attribute of ours is a handler as text: Preact sets those as functions, which are never written out.
    expect(html).not.toMatch(/<[a-z]+[^>]*\son[a-z]+=/i);
  }
});

test("addresses that are scripts lead nowhere", () => {
  const bad = "javascript:alert(1)";
  const video = { originalContentUrl: bad, previewImageUrl: bad };
  for (const message of [
    { type: "image", ...video },
    { type: "video", ...video },
    { type: "audio", ...video, duration: 1 },
    { type: "file", contentProvider: { type: "external", originalContentUrl: bad } },
    { type: "imagemap", baseUrl: bad, baseSize: {}, actions: [], video: { ...video, area: {} } },
    { type: "flex", contents: { type: "bubble", hero: { type: "image", url: bad, action: { type: "uri", uri: bad } } } },
  ]) {
    expect(drawn(message)).not.toMatch(/(src|href|poster)="\s*javascript/i);
  }
});

test("unsent, edited and unknown messages say so", () => {
  expect(drawn({ type: "text", text: "secret" }, { state: "unsent" })).not.toContain("secret");
  expect(drawn({ type: "text", text: "better" }, { state: "edited", who: "U1" })).toContain("edited");
  expect(drawn({ type: "hologram", size: 3 })).toContain("hologram");
});

test("what is tapped has the number of the control API; what people sent is not tapped", () => {
  const message = SOUND.find((found) => found.type === "imagemap") ?? {};
  expect(drawn(message)).toContain('data-tap="0"');
  expect(drawn(message, { who: "U1" })).not.toContain("data-tap");
});

test("a message in one line", () => {
  const line = (message: Record<string, unknown>): string => summary(entry(message));
  expect(line({ type: "flex", altText: "A card" })).toBe("A card");
  expect(line({ type: "text", text: "two\nlines" })).toBe("two\nlines");
  expect(line({ type: "sticker" })).toBe("[Sticker]");
  expect(summary(entry({ type: "text", text: "gone" }, { state: "unsent" }))).toBe("A message was unsent");
});
