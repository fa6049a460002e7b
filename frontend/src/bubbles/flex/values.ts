/**
 * Flex's words and lengths in pixels. What LINE has published of them is in its guide to layouts; the pixels are those
 * of its own Flex Message Simulator: https://developers.line.biz/en/docs/messaging-api/flex-message-layout/
 */

import type { CSSProperties } from "preact";
import { color, record, text } from "../read";
import type { Loose } from "../read";

export type Style = CSSProperties;

type Table = Readonly<Record<string, number>>;

export const SPACES: Table = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
export const BORDERS: Table = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
export const FONTS: Table = {
  xxs: 11,
  xs: 13,
  sm: 14,
  md: 16,
  lg: 19,
  xl: 22,
  xxl: 29,
  "3xl": 35,
  "4xl": 48,
  "5xl": 74,
};
export const IMAGES: Table = {
  xxs: 40,
  xs: 60,
  sm: 80,
  md: 100,
  lg: 120,
  xl: 140,
  xxl: 160,
  "3xl": 180,
  "4xl": 200,
  "5xl": 220,
};
export const BUBBLES: Table = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 500 };

const PIXELS = /^-?\d+(\.\d+)?px$/;
const PERCENT = /^-?\d+(\.\d+)?%$/;

/** A word of the table, pixels, or (where taken) a percentage, as CSS; undefined for anything else. */
export function length(value: unknown, table: Table = {}, percent = true): string | undefined {
  const given = text(value);
  if (Object.hasOwn(table, given)) return `${table[given]}px`;
  return PIXELS.test(given) || (percent && PERCENT.test(given)) ? given : undefined;
}

/** As `length`, but never below nothing. */
export const size = (value: unknown, table?: Table, percent?: boolean): string | undefined => {
  const found = length(value, table, percent);
  return found?.startsWith("-") ? undefined : found;
};

/** Width ÷ height of `W:H`; LINE's default is a square. Never higher than three times its width. */
export function ratio(value: unknown): number {
  const found = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text(value));
  const parts = found ? Number(found[1]) / Number(found[2]) : 1;
  return Number.isFinite(parts) && parts > 0 ? Math.max(parts, 1 / 3) : 1;
}

/** The `flex` property: a number that is not negative. */
export const share = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;

/** `linearGradient`; LINE's angles turn as those of CSS do. */
export function gradient(background: unknown): string | undefined {
  const { type, angle, startColor, centerColor, centerPosition, endColor } = record(background);
  const [from, over, to] = [color(startColor), color(centerColor), color(endColor)];
  if (type !== "linearGradient" || !/^\d+(\.\d+)?deg$/.test(text(angle)) || !from || !to) return undefined;
  const place = PERCENT.test(text(centerPosition)) ? text(centerPosition) : "50%";
  const stops = [`${from} 0%`, ...(over ? [`${over} ${place}`] : []), `${to} 100%`];
  return `linear-gradient(${text(angle)}, ${stops.join(", ")})`;
}

/** A font's size; with `scaling`, it follows the reader's own setting. */
export function font(part: Loose): string | undefined {
  const found = size(part.size, FONTS, false);
  if (part.scaling !== true) return found;
  return `calc(${found ?? "16px"} * var(--bubble-scale, 1))`;
}

export const paddings = (box: Loose): Style => {
  const all = size(box.paddingAll, SPACES);
  const side = (value: unknown): string | undefined => size(value, SPACES) ?? all;
  return {
    paddingTop: side(box.paddingTop),
    paddingBottom: side(box.paddingBottom),
    paddingInlineStart: side(box.paddingStart),
    paddingInlineEnd: side(box.paddingEnd),
  };
};

export const offsets = (part: Loose, baseline: boolean): Style => ({
  top: length(part.offsetTop, SPACES),
  bottom: baseline ? undefined : length(part.offsetBottom, SPACES),
  insetInlineStart: length(part.offsetStart, SPACES),
  insetInlineEnd: length(part.offsetEnd, SPACES),
});
