import { describe, expect, it } from "vitest";
import { differences, same } from "../../src/inspector/changes";

describe("what a turn changed", () => {
  it("names the value that differs, not the object around it", () => {
    const before = { day: "Friday", guests: { adults: 2, children: 0 } };
    const after = { day: "Friday", guests: { adults: 2, children: 1 } };
    expect(differences({ path: "vars.booking", before, after })).toEqual([
      { path: "vars.booking.guests.children", kind: "changed", before: 0, after: 1 },
    ]);
  });

  it("tells what came and what went", () => {
    const found = differences({ path: "kept", before: { old: 1 }, after: { fresh: null } });
    expect(found).toEqual([
      { path: "kept.old", kind: "removed", before: 1 },
      { path: "kept.fresh", kind: "added", after: null },
    ]);
  });

  it("takes what was not there before as added, and what is gone as removed", () => {
    expect(differences({ path: "language", before: null, after: "ja" })).toEqual([{ path: "language", kind: "added", after: "ja" }]);
    expect(differences({ path: "language", before: "ja", after: null })).toEqual([{ path: "language", kind: "removed", before: "ja" }]);
  });

  it("keeps lists whole", () => {
    const found = differences({ path: "vars.cart.items", before: ["tea"], after: ["tea", "cup"] });
    expect(found).toEqual([{ path: "vars.cart.items", kind: "changed", before: ["tea"], after: ["tea", "cup"] }]);
  });

  it("is silent about what stayed", () => {
    expect(differences({ path: "vars", before: { a: [1, { b: 2 }] }, after: { a: [1, { b: 2 }] } })).toEqual([]);
    expect(same({ a: undefined }, { b: undefined })).toBe(false);
    expect(same([1, 2], [2, 1])).toBe(false);
  });
});
