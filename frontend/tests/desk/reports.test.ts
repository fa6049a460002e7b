import { expect, test } from "vitest";
import { ceiling } from "../../src/desk/admin/charts";
import { everyDay } from "../../src/desk/admin/days";

test("days without cases are there too, and none of the server's is lost", () => {
  const now = new Date(2026, 2, 2, 12).getTime();
  const rows = everyDay([{ key: "2026-03-01", opened: 3 }, { key: "2026-03-03", opened: 1 }], 3, now);
  expect(rows.map((row) => [row.key, row.opened ?? 0])).toEqual([
    ["2026-02-28", 0], ["2026-03-01", 3], ["2026-03-02", 0], ["2026-03-03", 1],
  ]); // prettier-ignore
});

test("the scale ends at a round number that is large enough", () => {
  expect([0, 3, 5, 11, 47, 83, 1001].map(ceiling)).toEqual([4, 4, 5, 20, 50, 100, 2000]);
});
