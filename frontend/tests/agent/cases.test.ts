import { describe, expect, it } from "vitest";
import { actsOf, caseOf, isMine, maySpeak, type Case } from "../../src/agent/cases";

const made = (more: Partial<Case>): Case => ({
  id: "c1",
  session: "shop:U1",
  endpoint: "shop",
  state: "queued",
  queue: "general",
  agent: "",
  agent_name: "",
  subject: "",
  last: "",
  labels: "",
  unread: 0,
  offer: null,
  ...more,
});

describe("what an agent can do", () => {
  const offer = { id: "o", agent: "you", until: 0 };
  it.each([
    [null, ["take_over", "pause"]],
    [made({}), ["claim"]],
    [made({ state: "offered", offer }), ["accept", "reject"]],
    [made({ state: "offered", offer: { ...offer, agent: "aya" } }), ["claim"]],
    [made({ state: "offline" }), ["claim"]],
    [made({ state: "active", agent: "you" }), []],
    [made({ state: "snoozed", agent: "you" }), ["wake"]],
    [made({ state: "snoozed", agent: "aya" }), []],
    [made({ state: "wrap_up", agent: "you" }), ["done"]],
    [made({ state: "wrap_up", agent: "aya" }), ["take_over"]],
  ])("%o", (one, acts) => {
    expect(actsOf(one, "you")).toEqual(acts);
  });

  it("speaks in their own cases and in those nobody has", () => {
    expect(maySpeak(null, "you")).toBe(true);
    expect(maySpeak(made({}), "you")).toBe(true);
    expect(maySpeak(made({ state: "active", agent: "you" }), "you")).toBe(true);
    expect(maySpeak(made({ state: "active", agent: "aya" }), "you")).toBe(false);
    expect(isMine(made({ state: "active", agent: "you" }), "you")).toBe(true);
    expect(isMine(made({ state: "wrap_up", agent: "you" }), "you")).toBe(false);
  });

  it("has the live case of a chat before those that are over", () => {
    const over = made({ id: "old", state: "offline" });
    const live = made({ id: "new", state: "active" });
    expect(caseOf([over, live], "shop:U1")?.id).toBe("new");
    expect(caseOf([over], "shop:U1")?.id).toBe("old");
    expect(caseOf([live], "shop:U2")).toBeNull();
  });
});
