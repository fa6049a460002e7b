import { describe, expect, test } from "vitest";
import { color, source, target } from "../../../src/bubbles/read";
import { frame, places } from "../../../src/bubbles/flex/place";
import type { Axis } from "../../../src/bubbles/flex/place";
import { FONTS, SPACES, gradient, length, paddings, ratio, size } from "../../../src/bubbles/flex/values";

describe("lengths", () => {
  test.each([
    ["md", "8px"],
    ["23.5px", "23.5px"],
    ["50%", "50%"],
    ["-4px", "-4px"],
    ["huge", undefined],
    ["1em", undefined],
    ["1px;color:red", undefined],
    ["constructor", undefined],
    [8, undefined],
    [null, undefined],
  ])("%s", (given, found) => {
    expect(length(given, SPACES)).toBe(found);
  });

  test("where nothing below nothing makes sense, or no percentage", () => {
    expect(size("-4px")).toBeUndefined();
    expect(length("50%", FONTS, false)).toBeUndefined();
  });

  test("one side's padding goes before that of all", () => {
    const found = paddings({ paddingAll: "80px", paddingTop: "20px", paddingStart: "none" });
    expect([found.paddingTop, found.paddingBottom, found.paddingInlineStart]).toEqual(["20px", "80px", "0px"]);
  });
});

test.each([
  ["20:13", 20 / 13],
  ["1.91:1", 1.91],
  ["1:4", 1 / 3],
  ["0:0", 1],
  ["wide", 1],
  [undefined, 1],
])("the shape of %s", (given, found) => {
  expect(ratio(given)).toBe(found);
});

describe("colours", () => {
  test.each([
    ["#ff00AA", true],
    ["#ff00AA80", true],
    ["#fff", false],
    ["red", false],
    ["url(https://example.com)", false],
    [7, false],
  ])("%s", (given, taken) => {
    expect(color(given) !== undefined).toBe(taken);
  });

  test("gradients", () => {
    const two = { type: "linearGradient", angle: "23.5deg", startColor: "#ff0000", endColor: "#0000ff" };
    expect(gradient(two)).toBe("linear-gradient(23.5deg, #ff0000 0%, #0000ff 100%)");
    expect(gradient({ ...two, centerColor: "#00ff00" })).toContain("#00ff00 50%");
    expect(gradient({ ...two, angle: "1deg), url(x" })).toBeUndefined();
    expect(gradient({ ...two, endColor: "blue" })).toBeUndefined();
  });
});

describe("the share of the space", () => {
  const flexOf = (part: object, axis: Axis): unknown => frame(part as never, { axis, spacing: undefined, depth: 0 }).flex;
  test.each([
    [{ type: "text" }, "horizontal", "1 0 0px"],
    [{ type: "text", flex: 0 }, "horizontal", "0 0 auto"],
    [{ type: "text", flex: 3 }, "baseline", "3 0 0px"],
    [{ type: "text" }, "vertical", "0 0 auto"],
    [{ type: "text", flex: 2 }, "vertical", "2 0 auto"],
    [{ type: "box", width: "40px", flex: 2 }, "horizontal", "0 0 auto"],
    [{ type: "box", width: "40px" }, "vertical", "0 0 auto"],
    [{ type: "icon", flex: 2 }, "baseline", "0 0 auto"],
    [{ type: "filler" }, "vertical", "1 0 0px"],
    [{ type: "text", flex: -1 }, "horizontal", "1 0 0px"],
  ] as const)("%o in a %s box", (part, axis, found) => {
    expect(flexOf(part, axis)).toBe(found);
  });
});

describe("the space between", () => {
  const margins = (children: object[], spacing: unknown): unknown[] => {
    const given = children as never[];
    return places(given, "vertical", spacing, 1).map((place, index) => frame(given[index] as never, place).marginTop);
  };

  test("the box's spacing, but for the first; a margin goes before it", () => {
    const text = { type: "text" };
    expect(margins([text, text, { ...text, margin: "xxl" }], "md")).toEqual([undefined, "8px", "20px"]);
    expect(margins([{ ...text, margin: "sm" }, { ...text, margin: "none" }], "md")).toEqual(["4px", "0px"]);
  });

  test("none before fillers and what lies apart", () => {
    expect(margins([{ type: "text" }, { type: "filler" }, { type: "box", position: "absolute" }], "md")).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test("no script in an address", () => {
  for (const bad of ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,<script>", "//x", {}, null]) {
    expect([source(bad), target(bad)]).toEqual(["", ""]);
  }
  expect(source("data:image/png;base64,AA")).not.toBe("");
  expect(target("tel:+81-3")).not.toBe("");
});
