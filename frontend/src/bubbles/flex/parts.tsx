/** The components of Flex messages but texts. What LINE would refuse is left out or takes its default. */

import { Picture } from "../picture";
import { color, isRecord, list, text } from "../read";
import type { Loose } from "../read";
import { named, useTap } from "../taps";
import { Words, useFitting } from "./words";
import type { Axis, Place } from "./place";
import { align, frame, places } from "./place";
import { BORDERS, IMAGES, SPACES, font, gradient, paddings, ratio, size } from "./values";
import type { Style } from "./values";

interface Props {
  part: Loose;
  place: Place;
}

/** Boxes inside each other that are drawn; what lies deeper is left out. */
const DEEPEST = 80;

export function Part({ part, place }: Props) {
  if (place.depth > DEEPEST) return null;
  switch (part.type) {
    case "box":
      return <Box part={part} place={place} />;
    case "text":
      return <Words part={part} place={place} />;
    case "image":
      return <Image part={part} place={place} />;
    case "button":
      return <Button part={part} place={place} />;
    case "icon":
      return <Icon part={part} place={place} />;
    case "separator":
      return <Separator part={part} place={place} />;
    case "filler":
      return <div class="flex-filler" style={frame(part, place)} />;
    case "spacer":
      return <div class="flex-spacer" style={{ width: size(part.size, SPACES) ?? "8px", height: size(part.size, SPACES) ?? "8px" }} />;
    default:
      return null;
  }
}

const JUSTIFY = ["flex-start", "center", "flex-end", "space-between", "space-around", "space-evenly"];
const ITEMS = ["flex-start", "center", "flex-end"];
const known = (value: unknown, words: readonly string[]): string | undefined =>
  words.includes(text(value)) ? text(value) : undefined;

function axisOf(box: Loose): Axis {
  return box.layout === "horizontal" || box.layout === "baseline" ? box.layout : "vertical";
}

export function Box({ part, place }: Props) {
  const axis = axisOf(part);
  const children = list(part.contents).filter(isRecord);
  const tap = useTap(part.action, spoken(part) ? "" : named((part.action ?? {}) as Loose), holdsActions(children));
  const places_ = places(children, axis, part.spacing, place.depth + 1);
  const [width, maxWidth] = [size(part.width), size(part.maxWidth)];
  const style: Style = {
    ...frame(part, place),
    justifyContent: known(part.justifyContent, JUSTIFY),
    alignItems: axis === "baseline" ? "baseline" : known(part.alignItems, ITEMS),
    width,
    maxWidth: maxWidth ?? width,
    height: size(part.height),
    maxHeight: size(part.maxHeight),
    backgroundColor: color(part.backgroundColor),
    backgroundImage: gradient(part.background),
    borderWidth: size(part.borderWidth, BORDERS, false),
    borderColor: color(part.borderColor),
    borderRadius: size(part.cornerRadius, SPACES, false),
    ...paddings(part),
  };
  return (
    <div class={`flex-box is-${axis}`} style={style} {...tap}>
      {children.map((child, index) => (
        <Part key={index} part={child} place={places_[index] as Place} />
      ))}
    </div>
  );
}

/** Whether a component holds words of its own, so that it needs no other name. */
export const spoken = (part: Loose): boolean =>
  text(part.text) !== "" || list(part.contents).some((child) => isRecord(child) && spoken(child));

export const holdsActions = (parts: readonly unknown[]): boolean =>
  parts.some((part) => isRecord(part) && (isRecord(part.action) || holdsActions(list(part.contents))));

function Image({ part, place }: Props) {
  const tap = useTap(part.action, named((part.action ?? {}) as Loose));
  const full = part.size === "full";
  const style: Style = { ...frame(part, place), alignItems: align(part) ?? "center" };
  const area: Style = {
    width: full ? "100%" : (size(part.size, IMAGES) ?? "100px"),
    aspectRatio: String(ratio(part.aspectRatio)),
    backgroundColor: color(part.backgroundColor),
  };
  return (
    <div class={`flex-image ${full ? "is-full" : ""}`} style={style}>
      <div class="flex-drawing" style={area} {...tap}>
        <Picture url={part.url} alt="" fit={part.aspectMode === "cover" ? "cover" : "contain"} />
      </div>
    </div>
  );
}

function Button({ part, place }: Props) {
  const action = (part.action ?? {}) as Loose;
  const tap = useTap(part.action);
  const kind = part.style === "primary" || part.style === "secondary" ? part.style : "link";
  const label = useFitting<HTMLSpanElement>(part.adjustMode === "shrink-to-fit");
  const own = color(part.color);
  return (
    <div class="flex-button" style={frame(part, place)}>
      <div
        class={`flex-face is-${kind} ${part.height === "sm" ? "is-sm" : ""}`}
        style={{ ...(kind === "link" ? { color: own } : { backgroundColor: own }), fontSize: font({ scaling: part.scaling }) }}
        {...tap}
      >
        <span ref={label}>{text(action.label)}</span>
      </div>
    </div>
  );
}

function Icon({ part, place }: Props) {
  return (
    <div class="flex-icon" style={{ ...frame(part, place), fontSize: font(part) }}>
      <span style={{ width: `${ratio(part.aspectRatio)}em` }}>
        <Picture url={part.url} alt="" fit="contain" />
      </span>
    </div>
  );
}

export function Separator({ part, place }: Props) {
  const down = place.axis === "vertical" || place.axis === "block";
  return (
    <div
      class={`flex-separator ${down ? "is-line" : "is-upright"}`}
      style={{ ...frame(part, place), borderColor: color(part.color) }}
      role="separator"
    />
  );
}
