import { expect, test } from "vitest";
import { actions, told } from "../../src/bubbles/taps";
import cases from "./buttons.json";

test.each(cases)("$what", ({ message, labels }) => {
  expect(actions(message).map((action) => action.label)).toEqual(labels);
});

test("what an action does is told", () => {
  expect(told({ type: "postback", data: "buy=1", displayText: "I buy" })).toBe("postback: buy=1");
  expect(told({ type: "camera" })).toBe("camera");
});
