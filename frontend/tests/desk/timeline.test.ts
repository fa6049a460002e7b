import { expect, test } from "vitest";
import type { Row } from "../../src/desk/shapes";
import { itemOf, itemsOfOut, labelOf, merge, received, rowsOf, split, type Item } from "../../src/desk/timeline";

const SESSION = "shop:U1";
const said = (seq: number, who: string, more: Partial<Row> = {}): Row => ({
  what: "said", seq, at: seq * 1000, event: `e${seq}`, who, kind: "text", text: `words ${seq}`, message: "",
  data: who === "user" ? { type: "text" } : { type: "text", text: `words ${seq}`, sender: { name: "Aya" } }, ...more,
}); // prettier-ignore
const happened = (seq: number, type: string, more: Partial<Row> = {}): Row => ({
  what: "happened", seq, at: seq * 1000, event: "", type, visibility: "system", actor: { id: "aya", name: "Aya" }, data: {}, ...more,
}); // prettier-ignore
const items = (...lines: Row[]): Item[] => lines.map((line) => itemOf(line, SESSION));
const delivery = { state: "sent", via: "push", billed: 1, status: 200, detail: "" };

test("what was sent tells how it went and what it cost", () => {
  const [free, billed, failed, held] = items(
    said(1, "agent", { delivery: { ...delivery, via: "reply", billed: 0 } }),
    said(2, "agent", { delivery }),
    said(3, "agent", { delivery: { ...delivery, state: "failed", status: 429 } }),
    said(4, "agent", { delivery: { ...delivery, state: "held" } }),
  );
  expect([free?.state, free?.via, free?.billed]).toEqual(["sent", "reply", 0]);
  expect([billed?.via, billed?.billed]).toEqual(["push", 1]);
  expect([failed?.state, failed?.detail]).toEqual(["failed", "HTTP 429"]);
  expect(held?.state).toBe("held");
});

test("a user's message has no delivery of its own, whatever was answered to it", () => {
  const [item] = items(said(1, "user", { delivery: { ...delivery, state: "failed" } }));
  expect([item?.side, item?.state, item?.via]).toEqual(["user", "sent", ""]);
});

test("what was unsent is a tombstone without words", () => {
  const [item] = items(said(1, "user", { text: "", data: { erased: true } }));
  expect([item?.state, item?.entry?.state]).toEqual(["unsent", "unsent"]);
});

test("what users send is drawn as LINE's own messages", () => {
  expect(received({ kind: "sticker", text: "", data: { package: "1", sticker: "2" } })).toMatchObject({ packageId: "1", stickerId: "2" });
  const photo = received({ kind: "image", text: "", data: { content: { token: "a/b" }, set: { id: "s", index: 1, total: 2 } } });
  expect(photo).toMatchObject({ originalContentUrl: "/desk/api/files/a%2Fb", imageSet: { id: "s" } });
  const text = received({ kind: "text", text: "@Aya hi", data: { mention: { places: [{ index: 0, length: 4, user: "U2" }] } } });
  expect(text.mention).toEqual({ mentionees: [{ index: 0, length: 4, user: "U2", userId: "U2" }] });
});

test("a note is never a message", () => {
  const rows = rowsOf(items(happened(1, "note.added", { data: { text: "call back" } })));
  expect(rows.map((row) => row.kind)).toEqual(["day", "note"]);
  expect(rows.some((row) => "entry" in row)).toBe(false);
});

test("bookkeeping stays out of sight", () => {
  const rows = rowsOf(items(happened(1, "case.routed"), happened(2, "queue.position"), happened(3, "case.given")));
  expect(rows.map((row) => row.kind)).toEqual(["day", "event"]);
});

test("what two lines tell stands there once", () => {
  const tap = said(1, "user", { kind: "postback", text: "", data: { data: "ho:survey:c:4" } });
  const rows = rowsOf(items(tap, happened(1, "survey.answered"), happened(2, "case.requested", { data: { by: "agent" } })));
  expect(rows.flatMap((row) => (row.kind === "event" ? [row.item.type] : []))).toEqual(["survey.answered"]);
});

test("several in a row are one group: the name stands above, what became of it below", () => {
  const rows = rowsOf(items(said(1, "user"), said(2, "user"), said(3, "agent"), said(4, "agent", { event: "e3" })));
  const shown = rows.flatMap((row) => (row.kind === "message" ? [[row.first, row.last]] : []));
  expect(shown).toEqual([[true, false], [false, true], [true, false], [false, true]]);
});

test("what did not change stays the same object; what changed takes its place", () => {
  const old = items(said(1, "user"), said(2, "agent", { delivery: { ...delivery, state: "waiting" } }));
  expect(merge(old, items(said(1, "user")))).toBe(old);
  const next = merge(old, items(said(1, "user"), said(2, "agent", { delivery }), said(3, "user")));
  expect(next[0]).toBe(old[0]);
  expect(next.map((item) => item.state)).toEqual(["sent", "sent", "sent"]);
});

test("older lines come before, in order", () => {
  const all = merge(items(said(5, "user")), items(said(2, "user"), happened(2, "case.given"), said(1, "bot")));
  expect(all.map((item) => item.key)).toEqual(["said 1", "said 2", "happened 2", "said 5"]);
});

test("what an agent sends stands there before the server has it", () => {
  const out = { id: "x", session: SESSION, case: "c", at: 1, said: [{ text: "hi" }], state: "failed", reason: "blocked" } as const;
  const [item] = itemsOfOut({ ...out, said: [...out.said] }, "Aya");
  expect([item?.entry?.message.text, item?.state, item?.detail]).toEqual(["hi", "failed", "blocked"]);
});

test("a quote of an agent finds the message it quotes", () => {
  const asked = said(1, "user", { message: "m1", data: { type: "text", quote_token: "q" } });
  const rows = rowsOf(items(asked, said(2, "agent", { data: { type: "text", text: "yes", quoteToken: "q" } })));
  expect(rows.flatMap((row) => (row.kind === "message" ? [row.entry.quoted] : []))).toEqual([undefined, "m1"]);
});

test("the label of what was tapped is found in what the bot sent", () => {
  const quick = { items: [{ type: "action", action: { type: "postback", label: "Book", data: "go=booking" } }] };
  const all = items(said(1, "bot", { data: { type: "text", text: "?", quickReply: quick } }));
  expect(labelOf(all, "go=booking")).toBe("Book");
  expect(labelOf(all, "go=other")).toBe("");
});

test("long texts are cut where it hurts least, and never inside a sign", () => {
  expect(split("short")).toEqual(["short"]);
  expect(split("")).toEqual([]);
  expect(split(`${"a".repeat(8)} ${"b".repeat(8)}`, 10)).toEqual(["a".repeat(8), "b".repeat(8)]);
  expect(split("🙂".repeat(6), 5).every((part) => !/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(part))).toBe(true);
  expect(split("🙂".repeat(6), 5).join("")).toBe("🙂".repeat(6));
  expect(split("x".repeat(12_001)).map((part) => part.length)).toEqual([5000, 5000, 2001]);
});
