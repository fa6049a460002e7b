import { describe, expect, it } from "vitest";
import { bodyOf, curl, events, fits, gist, grown, MOST, quoted, signature } from "../../src/inspector/logs";
import type { Logged } from "../../src/inspector/shapes";

const line = (own: Partial<Logged> = {}): Logged => ({
  n: 1,
  at: 0,
  way: "api",
  bot: "shop",
  method: "POST",
  path: "/v2/bot/message/push",
  status: 200,
  outcome: "answered",
  request_id: "r-1",
  ms: 2,
  request: { to: "U1", messages: [{ type: "text", text: "It's ready" }] },
  response: {},
  ...own,
});
const webhook = line({
  way: "webhook",
  path: "http://127.0.0.1:8000/line/shop",
  request: { events: [{ type: "message", webhookEventId: "E1", message: { type: "text", text: "さくら" } }] },
});

describe("the lines that are kept", () => {
  it("come newest first, each once", () => {
    const first = grown([], [line({ n: 1 }), line({ n: 2 })]);
    expect(grown(first, [line({ n: 2 }), line({ n: 3 })]).map((one) => one.n)).toEqual([3, 2, 1]);
    expect(grown(first, [])).toBe(first);
  });

  it("are no more than a page can hold", () => {
    const many = Array.from({ length: MOST + 5 }, (_, n) => line({ n: n + 1 }));
    expect(grown([], many)).toHaveLength(MOST);
    expect(grown([], many)[0]?.n).toBe(MOST + 5);
  });
});

describe("the filter", () => {
  const all = { way: "", status: "", text: "" } as const;
  it("looks into paths, bodies and outcomes, all words in any order", () => {
    expect(fits(webhook, { ...all, text: "さくら" })).toBe(true);
    expect(fits(line(), { ...all, text: "READY push" })).toBe(true);
    expect(fits(line(), { ...all, text: "ready multicast" })).toBe(false);
  });

  it("goes by way and by status", () => {
    expect(fits(webhook, { ...all, way: "api" })).toBe(false);
    expect(fits(line({ status: 429 }), { ...all, status: "bad" })).toBe(true);
    expect(fits(line({ status: 0 }), { ...all, status: "ok" })).toBe(false);
  });
});

describe("a line as a command", () => {
  it("survives a shell, whatever is in it", () => {
    expect(quoted("$(rm) `x` \\ \"日本語\"\n")).toBe("'$(rm) `x` \\ \"日本語\"\n'");
    expect(quoted("It's")).toBe("'It'\\''s'");
  });

  it("has method, whole address, headers and body", () => {
    const made = curl(line(), "http://127.0.0.1:8001", { authorization: "Bearer t" });
    expect(made).toBe(
      "curl -X POST 'http://127.0.0.1:8001/v2/bot/message/push' -H 'content-type: application/json' -H 'authorization: Bearer t' " +
        `--data-binary '{"to":"U1","messages":[{"type":"text","text":"It'\\''s ready"}]}'`,
    );
    expect(curl(webhook, "http://x", {})).toContain("'http://127.0.0.1:8000/line/shop'");
  });

  it("sends nothing where nothing was sent or is shown", () => {
    expect(curl(line({ method: "GET", request: "" }), "http://x", {})).toBe("curl 'http://x/v2/bot/message/push'");
    expect(bodyOf(line({ request: "hidden" }))).toBe("");
  });

  it("is signed as LINE signs", async () => {
    expect(await signature("秘密", bodyOf(line({ request: { text: "さくら" } })))).toBe("aHPMc+z/EvnFhSd0FYyvc4BwtKKz7HK+s9rjLbQ1tcs=");
  });
});

describe("what a line is about", () => {
  it("names the events and messages in it", () => {
    expect(events(webhook)).toEqual(["E1"]);
    expect(events(line())).toEqual([]);
    expect(gist(webhook)).toBe("text “さくら”");
    expect(gist(line())).toBe("text “It's ready”");
    expect(gist(line({ request: { events: [{ type: "postback", postback: { data: "a=1" } }] }, way: "webhook" }))).toBe("postback “a=1”");
  });
});
