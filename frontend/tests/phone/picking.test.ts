import { expect, test } from "vitest";
import { initialOf } from "../../src/phone/picking";

const NOW = new Date(2026, 10, 20, 9, 5);
const action = (more: object) => ({ type: "datetimepicker", data: "x", ...more });

test("without an initial value the picker stands at the present", () => {
  expect(initialOf(action({}), "date", NOW)).toBe("2026-11-20");
  expect(initialOf(action({}), "time", NOW)).toBe("09:05");
  expect(initialOf(action({}), "datetime", NOW)).toBe("2026-11-20T09:05");
});

test("the present is moved into what can be chosen", () => {
  expect(initialOf(action({ min: "2027-01-01" }), "date", NOW)).toBe("2027-01-01");
  expect(initialOf(action({ max: "2026-11-01" }), "date", NOW)).toBe("2026-11-01");
});

test("LINE's small t counts as well", () => {
  expect(initialOf(action({ initial: "2026-12-24t18:00" }), "datetime", NOW)).toBe("2026-12-24T18:00");
});
