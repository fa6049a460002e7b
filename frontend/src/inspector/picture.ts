/** The flow picture: taken over safely, and the arithmetic of moving about in it. */

import DOMPurify from "dompurify";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Its own style sheets apart from it: they belong into the shadow root that the picture is put into. */
export interface Picture {
  svg: SVGSVGElement;
  css: string;
  size: Box;
}

/**
 * The server's picture without anything that could act: labels in it are the designers' own. Throws what can be told
 * when it is no picture.
 */
export function taken(text: string): Picture {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const root = parsed.documentElement;
  if (root.localName !== "svg") throw new Error("this is no picture");
  const css = [...root.querySelectorAll("style")].map((style) => style.textContent ?? "").join("\n");
  const clean = DOMPurify.sanitize(new XMLSerializer().serializeToString(root), {
    USE_PROFILES: { svg: true },
    FORBID_TAGS: ["style", "a", "image", "use", "foreignObject"],
    FORBID_ATTR: ["href", "xlink:href"],
    RETURN_DOM_FRAGMENT: true,
  });
  const svg = clean.querySelector("svg");
  if (!svg) throw new Error("this is no picture");
  const [x = 0, y = 0, width = 100, height = 100] = (svg.getAttribute("viewBox") ?? "").split(/[\s,]+/).map(Number);
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  return { svg: svg as SVGSVGElement, css, size: { x, y, width, height } };
}

/** The picture's colours follow the page's choice of light or dark, not the system's. */
export function themed(css: string, dark: boolean): string {
  return css.replaceAll(/@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g, dark ? "@media all" : "@media not all");
}

/** The whole picture in a window of that shape, in the middle, never larger than it was drawn. */
export function fitted(size: Box, window: { width: number; height: number }): Box {
  const scale = Math.min(1, window.width / size.width, window.height / size.height) || 1;
  const width = window.width / scale;
  const height = window.height / scale;
  return { x: size.x - (width - size.width) / 2, y: size.y - (height - size.height) / 2, width, height };
}

/** The picture at a size that can be read, its top in the middle. */
export function readable(size: Box, window: { width: number; height: number }, least = 0.8): Box {
  const whole = fitted(size, window);
  if (window.width / whole.width >= least) return whole;
  const scale = Math.max(least, Math.min(1, window.width / size.width));
  const width = window.width / scale;
  return { x: size.x - (width - size.width) / 2, y: size.y, width, height: window.height / scale };
}

const NEAREST = 40;

/** Nearer (`by` above 1) or farther; the point stays where it is. */
export function zoomed(view: Box, by: number, point: { x: number; y: number }, size: Box): Box {
  const widest = Math.max(size.width, size.height) * 4;
  const width = Math.min(Math.max(view.width / by, NEAREST), widest);
  const factor = width / view.width;
  return {
    x: point.x - (point.x - view.x) * factor,
    y: point.y - (point.y - view.y) * factor,
    width,
    height: view.height * factor,
  };
}

/** Moved so that the box is in view, if it is not: in the middle then. */
export function showing(view: Box, box: Box): Box {
  const inside =
    box.x >= view.x && box.y >= view.y && box.x + box.width <= view.x + view.width && box.y + box.height <= view.y + view.height;
  if (inside) return view;
  return { ...view, x: box.x + box.width / 2 - view.width / 2, y: box.y + box.height / 2 - view.height / 2 };
}
