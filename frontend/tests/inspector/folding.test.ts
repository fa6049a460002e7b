import { describe, expect, it } from "vitest";
import { long } from "../../src/inspector/spans";
import { folded } from "../../src/inspector/folding";

describe("a long text", () => {
  it("shows its first lines and says how many are left", () => {
    const text = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    expect(folded(text, 12)).toEqual({ shown: text.split("\n").slice(0, 12).join("\n"), hidden: 18 });
    expect(folded("one\ntwo", 12)).toEqual({ shown: "one\ntwo", hidden: 0 });
  });

  it("is cut when it has no lines at all", () => {
    const { shown, hidden } = folded("x".repeat(5_000), 6);
    expect(shown).toHaveLength(601);
    expect(hidden).toBe(44);
  });

  it("is whole when all of it is wanted", () => {
    expect(folded("x".repeat(5_000), Number.POSITIVE_INFINITY)).toEqual({ shown: "x".repeat(5_000), hidden: 0 });
  });
});

describe("a span of time", () => {
  it("is told by its two largest parts", () => {
    expect(long(0)).toBe("0 s");
    expect(long(90_000)).toBe("1 min 30 s");
    expect(long(9_000_000)).toBe("2 h 30 min");
    expect(long(90_061_000)).toBe("1 d 1 h");
  });
});
