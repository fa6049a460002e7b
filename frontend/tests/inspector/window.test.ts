import { describe, expect, it } from "vitest";
import { span } from "../../src/inspector/window";

describe("the part of a list that is made", () => {
  const heights = Array.from({ length: 1_000 }, () => 50);

  it("is what is in view, with room for the rest", () => {
    expect(span(heights, 10_000, 500)).toEqual({ first: 200, last: 210, before: 10_000, after: 39_500 });
  });

  it("keeps the whole height wherever it stands", () => {
    for (const top of [-600, 0, 49, 51, 25_000, 49_999, 80_000]) {
      const { first, last, before, after } = span(heights, top, 700);
      expect(before + (last - first) * 50 + after).toBe(50_000);
      expect(last).toBeGreaterThan(first);
    }
  });

  it("knows an empty list", () => {
    expect(span([], 0, 500)).toEqual({ first: 0, last: 0, before: 0, after: 0 });
  });
});
