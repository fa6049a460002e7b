import { expect, test } from "vitest";
import { KINDS, bodyOf } from "../../src/phone/kinds";

const fields = (kind: string) => KINDS.find((one) => one.kind === kind)?.fields ?? [];

test("what is left empty and may be, is not sent", () => {
  expect(bodyOf(fields("postback"), { data: "go=menu" })).toEqual({ data: "go=menu" });
  expect(bodyOf(fields("beacon"), {})).toEqual({ hwid: "0123456789", type: "enter" });
});

test("numbers and objects are sent as such", () => {
  expect(bodyOf(fields("membership"), { id: "7" })).toEqual({ type: "joined", id: 7 });
  expect(bodyOf(fields("postback"), { data: "d", params: '{"date": "2026-12-24"}' })).toEqual({
    data: "d",
    params: { date: "2026-12-24" },
  });
});

test("a text that is no object is refused here", () => {
  expect(() => bodyOf(fields("raw"), { event: "[1]" })).toThrow();
  expect(() => bodyOf(fields("raw"), { event: "{oops" })).toThrow();
});
