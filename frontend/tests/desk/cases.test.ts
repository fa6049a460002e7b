import { expect, test } from "vitest";
import { belongs, heat, moved, order, owed, owedSince, passes, span, type Known } from "../../src/desk/cases";
import type { Summary } from "../../src/desk/shapes";

const CASE: Summary = {
  id: "a", session: "shop:U1", endpoint: "shop", contact: "U1", group: false, state: "active", workstream: "support",
  provider: "desk", queue: "general", agent: "aya", subject: "Mai", last: "hello", last_kind: "", priority: "normal", labels: [],
  language: "ja", opened: 1, queued: 1, assigned: 5, replied: 0, ended: 0, since: 5, changed: 10, heard: 10, spoken: 6,
  unread: 1, reachable: true, reason: "", number: 1, offer: null,
}; // prettier-ignore
const one = (more: Partial<Known>): Known => ({ ...CASE, owed: 0, ...more });

test("a case stands in the views that the server would list it in", () => {
  const queued = one({ state: "queued", agent: "" });
  const offered = one({ state: "offered", agent: "", offer: { id: "o", agent: "aya", until: 99 } });
  expect(belongs({ kind: "mine" }, CASE, "aya")).toBe(true);
  expect(belongs({ kind: "mine" }, CASE, "ken")).toBe(false);
  expect(belongs({ kind: "mine" }, one({ state: "closed" }), "aya")).toBe(false);
  expect(belongs({ kind: "waiting" }, queued, "aya")).toBe(true);
  expect(belongs({ kind: "queue", queue: "orders" }, queued, "aya")).toBe(false);
  expect(belongs({ kind: "offers" }, offered, "aya")).toBe(true);
  expect(belongs({ kind: "offers" }, offered, "ken")).toBe(false);
  expect(belongs({ kind: "all" }, one({ state: "wrap_up" }), "")).toBe(true);
  expect(belongs({ kind: "closed" }, one({ state: "closed" }), "")).toBe(true);
});

test("a saved view keeps what its filter says", () => {
  const view = { kind: "saved", id: "v", title: "VIP", filter: { view: "all", priority: "urgent", label: "vip" } } as const;
  expect(belongs(view, one({ priority: "urgent", labels: ["vip"] }), "")).toBe(true);
  expect(belongs(view, one({ priority: "urgent" }), "")).toBe(false);
});

test("an answer is owed to whoever spoke last, and later words do not make the wait shorter", () => {
  expect(owed(CASE)).toBe(true);
  expect(owed(one({ spoken: 11 }))).toBe(false);
  expect(owedSince(CASE)).toBe(10);
  expect(owedSince(one({ heard: 20 }), { since: 10, spoken: 6 })).toBe(10);
  expect(owedSince(one({ heard: 20, spoken: 15 }), { since: 10, spoken: 6 })).toBe(20);
  expect(owedSince(one({ state: "queued", queued: 3 }))).toBe(3);
  expect(owedSince(one({ state: "waiting" }))).toBe(0);
});

test("who waits longest comes first, the urgent before them, the answered after", () => {
  const all = [
    one({ id: "answered", changed: 50 }),
    one({ id: "late", owed: 30 }),
    one({ id: "early", owed: 10 }),
    one({ id: "urgent", owed: 40, priority: "urgent" }),
    one({ id: "calm", changed: 60, priority: "urgent" }),
  ];
  expect(all.sort(order({ kind: "mine" })).map((found) => found.id)).toEqual(["urgent", "early", "late", "calm", "answered"]);
});

test("words of the same customer move no row", () => {
  expect(moved(one({ owed: 10 }), one({ owed: 10, changed: 99, unread: 4, last: "more" }))).toBe(false);
  expect(moved(one({ owed: 10 }), one({ state: "waiting" }))).toBe(true);
  expect(moved(one({ owed: 10 }), one({ owed: 10, priority: "high" }))).toBe(true);
});

test("the search looks at names, words and labels, whatever their case", () => {
  expect(passes({ words: "MAI" }, CASE)).toBe(true);
  expect(passes({ words: "vip" }, one({ labels: ["VIP"] }))).toBe(true);
  expect(passes({ words: "nobody" }, CASE)).toBe(false);
  expect(passes({ words: "", agent: "ken" }, CASE)).toBe(false);
});

test("times are written short and grow warm with the wait", () => {
  expect([0, 7_000, 750_000, 11_100_000, 200_000_000].map(span)).toEqual(["0:00", "0:07", "12:30", "3:05:00", "2 d"]);
  expect([0, 60_000, 180_000].map((waited) => heat(waited, "live"))).toEqual(["good", "warn", "bad"]);
  expect(heat(180_000, "async")).toBe("good");
});
