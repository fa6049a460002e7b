import { describe, expect, it } from "vitest";
import { compared, differing, hunks, spoken } from "../../src/inspector/compare";

describe("two texts beside each other", () => {
  it("keeps equal lines side by side when one was put in between", () => {
    expect(compared("one\nthree", "one\ntwo\nthree")).toEqual([
      { was: "one", now: "one", same: true },
      { was: null, now: "two", same: false },
      { was: "three", now: "three", same: true },
    ]);
  });

  it("puts a line and what it became beside each other", () => {
    expect(compared("Hello!\nbye", "Hullo!\nbye")[0]).toEqual({ was: "Hello!", now: "Hullo!", same: false });
  });

  it("knows of nothing on either side", () => {
    expect(compared("", "")).toEqual([]);
    expect(compared("", "new")).toEqual([{ was: null, now: "new", same: false }]);
  });

  it("does not lose lines of long texts", () => {
    const long = Array.from({ length: 1_200 }, (_, index) => `line ${index}`).join("\n");
    expect(compared(long, `${long}\nlast`)).toHaveLength(1_201);
  });

  it("leaves out what stayed, but for a few lines around what did not", () => {
    const was = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const parts = hunks(compared(was.join("\n"), was.with(10, "other").join("\n")));
    expect(parts.map((part) => (typeof part === "number" ? part : part.now))).toEqual([8, "line 8", "line 9", "other", "line 11", "line 12", 7]);
    expect(hunks(compared("a\nb", "a\nb"))).toEqual([2]);
  });

  it("marks only the part that differs", () => {
    expect(differing("at 18:00 then", "at 19:30 then")).toEqual({ start: 4, wasEnd: 7, nowEnd: 7 });
    expect(differing("aa", "aaa")).toEqual({ start: 2, wasEnd: 2, nowEnd: 3 });
  });
});

describe("what a bot said as text", () => {
  it("shows texts as they are and everything else as JSON", () => {
    expect(spoken("Hello")).toBe("Hello");
    expect(spoken({ type: "text", text: "Hello" })).toBe("Hello");
    expect(spoken({ type: "text", text: "Hello", quickReply: {} })).toContain('"quickReply"');
    expect(spoken({ type: "sticker", stickerId: "1" })).toContain('"stickerId": "1"');
  });
});
