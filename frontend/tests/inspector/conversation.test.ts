import { describe, expect, it } from "vitest";
import { MOST, placed, spent } from "../../src/inspector/conversation";
import type { Delivery, Turn } from "../../src/inspector/shapes";

const turn = (event: string, at: number, own: Partial<Turn> = {}) => ({ event, at, state: "done", deliveries: [], ...own }) as unknown as Turn;
const sent = (via: string, state: string, billed = 0) => ({ via, state, billed }) as Delivery;
const names = (turns: readonly Turn[]) => turns.map((one) => one.event).join(" ");

describe("the turns of a chat", () => {
  it("stand newest first, whatever order they come in", () => {
    const found = [turn("b", 2), turn("d", 4), turn("a", 1), turn("c", 3)].reduce(placed, [] as readonly Turn[]);
    expect(names(found)).toBe("d c b a");
  });

  it("take the later state of a turn that is known", () => {
    const found = [turn("a", 1, { state: "due" }), turn("b", 2), turn("a", 1)].reduce(placed, [] as readonly Turn[]);
    expect(names(found)).toBe("b a");
    expect(found[1]?.state).toBe("done");
  });

  it("move up when they are played again", () => {
    const found = [turn("a", 1, { state: "dead" }), turn("b", 2), turn("a", 3)].reduce(placed, [] as readonly Turn[]);
    expect(names(found)).toBe("a b");
  });

  it("are no more than a page can hold, and the newest stay", () => {
    const many = Array.from({ length: MOST }, (_, index) => turn(`t${index}`, MOST - index));
    const found = placed(many, turn("new", MOST + 1));
    expect(found).toHaveLength(MOST);
    expect(found[0]?.event).toBe("new");
  });
});

describe("what a chat costs", () => {
  it("counts what arrived: replies are free, pushes are billed for each who gets them", () => {
    const turns = [turn("a", 1, { deliveries: [sent("reply", "sent"), sent("push", "sent", 2)] }), turn("b", 2, { deliveries: [sent("reply", "unknown")] })];
    expect(spent(turns)).toEqual({ replies: 2, pushes: 1, billed: 2 });
  });

  it("leaves out what did not", () => {
    expect(spent([turn("a", 1, { deliveries: [sent("reply", "failed"), sent("push", "held"), sent("push", "retry")] })])).toEqual({ replies: 0, pushes: 0, billed: 0 });
  });
});
