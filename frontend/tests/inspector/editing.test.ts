import { describe, expect, it } from "vitest";
import { guessed, kindOf, patched, read, undoing, written } from "../../src/inspector/editing";

describe("what was typed into a value's field", () => {
  it("stays text where text was, whatever it looks like", () => {
    expect(read("text", "42")).toEqual({ ok: true, value: "42" });
    expect(read("text", "")).toEqual({ ok: true, value: "" });
  });

  it("must be a number where a number was", () => {
    expect(read("number", "4.5")).toEqual({ ok: true, value: 4.5 });
    for (const typed of ["", " ", "four", "1e999", "NaN"]) expect(read("number", typed)).toEqual({ ok: false, why: "number" });
  });

  it("must be JSON where a list or an object was, and the line of the mistake is told", () => {
    expect(read("json", '["a", 1]')).toEqual({ ok: true, value: ["a", 1] });
    const wrong = read("json", '{\n  "a": 1,\n  b\n}');
    expect(wrong).toMatchObject({ ok: false, why: "json", line: 3 });
  });

  it("is read as JSON or as text where nothing was", () => {
    expect(guessed("7")).toEqual({ ok: true, value: 7 });
    expect(guessed("Friday")).toEqual({ ok: true, value: "Friday" });
    expect(read("none", "")).toEqual({ ok: true, value: null });
  });

  it("comes back as it was written", () => {
    for (const value of ["Friday", "", 3, -0.5, true, false, ["a"], { a: { b: null } }]) {
      expect(read(kindOf(value), written(value))).toEqual({ ok: true, value });
    }
  });
});

describe("the change that is sent", () => {
  it("puts variables below their flow, and removes with null", () => {
    expect(patched("vars", "booking", "day", "Friday")).toEqual({ vars: { booking: { day: "Friday" } } });
    expect(patched("kept", "", "name", undefined)).toEqual({ kept: { name: null } });
  });

  it("can be taken back, also when nothing was there before", () => {
    expect(undoing("s", "vars", "booking", "day", "Monday")).toEqual({ session: "s", label: "booking.day", back: { vars: { booking: { day: "Monday" } } } });
    expect(undoing("s", "profile", "", "size", undefined).back).toEqual({ profile: { size: null } });
  });
});
