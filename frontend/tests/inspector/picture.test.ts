import { describe, expect, it } from "vitest";
import { fitted, readable, showing, themed, zoomed } from "../../src/inspector/picture";

const size = { x: 0, y: 0, width: 400, height: 2_000 };
const window = { width: 800, height: 500 };

describe("moving about in a picture", () => {
  it("fits it whole into the window, in the middle", () => {
    expect(fitted(size, window)).toEqual({ x: -1_400, y: 0, width: 3_200, height: 2_000 });
  });

  it("never draws a small picture larger than it is", () => {
    expect(fitted({ x: 0, y: 0, width: 100, height: 100 }, window)).toEqual({ x: -350, y: -200, width: 800, height: 500 });
  });

  it("begins at a size that can be read, at the top", () => {
    const view = readable(size, window);
    expect(window.width / view.width).toBe(1);
    expect(view.y).toBe(0);
  });

  it("zooms around a point that stays where it is", () => {
    const view = { x: 0, y: 0, width: 800, height: 500 };
    const nearer = zoomed(view, 2, { x: 200, y: 100 }, size);
    expect(nearer).toEqual({ x: 100, y: 50, width: 400, height: 250 });
    expect((200 - nearer.x) / nearer.width).toBeCloseTo(200 / 800);
  });

  it("stops zooming at an end", () => {
    let view = { x: 0, y: 0, width: 800, height: 500 };
    for (let round = 0; round < 60; round++) view = zoomed(view, 2, { x: 0, y: 0 }, size);
    expect(view.width).toBe(40);
    for (let round = 0; round < 60; round++) view = zoomed(view, 0.5, { x: 0, y: 0 }, size);
    expect(view.width).toBe(8_000);
  });

  it("moves to a step only when it is out of view", () => {
    const view = { x: 0, y: 0, width: 800, height: 500 };
    expect(showing(view, { x: 100, y: 100, width: 50, height: 50 })).toBe(view);
    expect(showing(view, { x: 100, y: 900, width: 100, height: 100 })).toMatchObject({ x: -250, y: 700 });
  });
});

describe("the picture's colours", () => {
  it("follow the page and not the system", () => {
    const css = "a{}@media(prefers-color-scheme:dark){svg{--ink:#fff}}";
    expect(themed(css, true)).toBe("a{}@media all{svg{--ink:#fff}}");
    expect(themed(css, false)).toBe("a{}@media not all{svg{--ink:#fff}}");
  });
});
