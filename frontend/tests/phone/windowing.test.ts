import { expect, test } from "vitest";
import { offsetsOf, rowAt, spanOf } from "../../src/phone/windowing";

const HEIGHTS = [10, 30, 50, 5, 100];
const offsets = offsetsOf(HEIGHTS.length, (index) => HEIGHTS[index]!);

test("offsets add up", () => {
  expect([...offsets]).toEqual([0, 10, 40, 90, 95, 195]);
});

test("the row at a place is the one that covers it", () => {
  expect([-5, 0, 9, 10, 94, 95, 194, 5000].map((top) => rowAt(offsets, top))).toEqual([0, 0, 0, 1, 3, 4, 4, 4]);
});

test("every row that touches the view is drawn, whatever its height", () => {
  for (let top = 0; top < 195; top += 3) {
    const { from, to } = spanOf(offsets, top, 20, 0);
    HEIGHTS.forEach((height, index) => {
      const touches = offsets[index]! < top + 20 && offsets[index]! + height > top;
      if (touches) expect(index >= from && index < to).toBe(true);
    });
  }
});

test("of two thousand rows only those near the view are drawn", () => {
  const many = offsetsOf(2000, () => 60);
  const { from, to } = spanOf(many, 60_000, 700, 600);
  expect(from).toBe(990);
  expect(to).toBe(1022);
});

test("an empty chat has an empty window", () => {
  expect(spanOf(offsetsOf(0, () => 0), 0, 700, 600)).toEqual({ from: 0, to: 0 });
});
