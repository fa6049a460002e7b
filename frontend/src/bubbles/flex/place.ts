/** How a component lies in the box around it: its share of the space, its margin, its offsets. */

import { text, under } from "../read";
import type { Loose } from "../read";
import { SPACES, length, offsets, share, size } from "./values";
import type { Style } from "./values";

export type Axis = "horizontal" | "vertical" | "baseline" | "block";

export interface Place {
  axis: Axis;
  /** The box's `spacing`, where it applies to this component. */
  spacing: string | undefined;
  depth: number;
}

/** The places of a box's children. Fillers have no space before them, nor has what follows the old `spacer`. */
export function places(children: readonly Loose[], axis: Axis, spacing: unknown, depth: number): Place[] {
  const gap = size(spacing, SPACES, false);
  return children.map((child, index) => {
    const type = text(child.type);
    const none = index === 0 || type === "filler" || type === "spacer" || children[index - 1]?.type === "spacer";
    return { axis, spacing: none ? undefined : gap, depth };
  });
}

/** https://developers.line.biz/en/docs/messaging-api/flex-message-layout/#component-size */
function stretch(part: Loose, axis: Axis): string {
  const type = text(part.type);
  if (type === "separator" || type === "icon" || type === "spacer") return "0 0 auto";
  if (type === "filler") return `${share(part.flex) ?? 1} 0 0px`;
  if (axis === "block") return "0 0 auto";
  if (axis === "vertical") {
    const sized = type === "box" && size(part.height) !== undefined;
    return `${sized ? 0 : (share(part.flex) ?? 0)} 0 auto`;
  }
  const sized = type === "box" && size(part.width) !== undefined;
  const own = sized ? 0 : (share(part.flex) ?? 1);
  return own === 0 ? "0 0 auto" : `${own} 0 0px`;
}

const GRAVITY: Readonly<Record<string, string>> = { top: "flex-start", center: "center", bottom: "flex-end" };
const ALIGN: Readonly<Record<string, string>> = { start: "flex-start", center: "center", end: "flex-end" };

/** The style every component has in common. */
export function frame(part: Loose, place: Place): Style {
  const baseline = place.axis === "baseline";
  const absolute = part.position === "absolute";
  const gap = absolute ? undefined : (length(part.margin, SPACES, false) ?? place.spacing);
  const down = place.axis === "vertical" || place.axis === "block";
  return {
    flex: stretch(part, place.axis),
    ...(gap === undefined ? {} : down ? { marginTop: gap } : { marginInlineStart: gap }),
    ...(absolute ? { position: "absolute" } : {}),
    ...offsets(part, baseline),
    justifyContent: baseline ? undefined : under(GRAVITY, part.gravity),
  };
}

export const align = (part: Loose): string | undefined => under(ALIGN, part.align);
