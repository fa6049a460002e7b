import { describe, expect, it } from "vitest";
import { padding } from "../../src/inspector/caret";
import { grouped, walked } from "../../src/inspector/trace";

describe("the steps of a turn", () => {
  const place = { do: "call", flow: "booking", step: "steps[4]", file: "flows/booking.yaml", line: 58 };

  it("tell a call once, with its answer", () => {
    const answered = { ...place, action: "call", value: ["12:00"] };
    expect(walked([place, answered, { ...place, do: "when" }])).toEqual([answered, { ...place, do: "when" }]);
  });

  it("keep a step that is walked twice, and one whose call is still under way", () => {
    const say = { ...place, do: "say" };
    expect(walked([say, say])).toEqual([say, say]);
    expect(walked([place])).toEqual([place]);
  });
});

describe("the rules a chat broke", () => {
  const one = { rule: "text-length", property: "/text", message: "too long", severity: "error", file: "flows/a.yaml", line: 3 };

  it("stand there once for each place, with how often they were met", () => {
    expect(grouped([one, { ...one, line: 9 }, one])).toEqual([
      { ...one, times: 2 },
      { ...one, line: 9, times: 1 },
    ]);
  });
});

describe("the caret below a line", () => {
  it("is as far to the right as the column, wide letters and tabs included", () => {
    expect(padding("  - say: hello", 5)).toBe("    ");
    expect(padding("日本 x", 4)).toBe("\u3000\u3000 ");
    expect(padding("\tkey: 1", 3)).toBe("\t ");
    expect(padding("short", 1)).toBe("");
  });
});
