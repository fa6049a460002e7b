import { expect, test } from "vitest";
import { span } from "../../src/phone/span";

const words = ["d", "h", "min", "s"] as const;

test("a span is told in its two largest units", () => {
  expect(span(0, words)).toBe("0s");
  expect(span(61_000, words)).toBe("1min 1s");
  expect(span(90_061_000, words)).toBe("1d 1h");
});

test("what the network took away does not turn a day into 23 hours", () => {
  expect(span(86_399_700, words)).toBe("1d");
});
