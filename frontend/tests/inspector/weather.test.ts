import { describe, expect, it } from "vitest";
import { span } from "../../src/inspector/spans";
import { ANSWERS, faulty, rowOf, SETTINGS } from "../../src/inspector/weather";
import type { Bot } from "../../src/shapes";

describe("troubles", () => {
  it("are found again among the faults that are set", () => {
    for (const row of ANSWERS) {
      const fault = faulty(row, "shop", true) as { kind: string; path: string };
      expect(rowOf(fault)).toBe(row);
      expect(fault).toMatchObject({ bot: "shop", times: 1 });
      expect(faulty(row, "shop", false)).toMatchObject({ times: null });
    }
    expect(rowOf({ kind: "gone", path: "*" })).toBeUndefined();
  });

  it("of the account are on after `on` and off after `off`", () => {
    const bot = { timeout: 2_000, copies: 1, webhook: true, standby: false } as Bot;
    for (const row of SETTINGS) {
      expect(row.is(bot)).toBe(false);
      expect(row.is({ ...bot, ...row.on })).toBe(true);
      expect(row.is({ ...bot, ...row.on, ...row.off })).toBe(false);
    }
  });
});

describe("a span of time as typed", () => {
  it("takes units, and minutes without", () => {
    expect(span("90")).toBe(5_400_000);
    expect(span("2h 30m")).toBe(9_000_000);
    expect(span("1d")).toBe(86_400_000);
    expect(span("45s")).toBe(45_000);
    expect(span("1.5 min")).toBe(90_000);
  });

  it("refuses what is none", () => {
    for (const typed of ["", "soon", "-5", "5x", "h", "1h tomorrow"]) expect(span(typed)).toBeNull();
  });
});
