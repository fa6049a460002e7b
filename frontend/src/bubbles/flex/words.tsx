/** Texts of Flex messages, with their spans. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";
import { color, isRecord, list, number, text, under } from "../read";
import type { Loose } from "../read";
import { useTap } from "../taps";
import type { Place } from "./place";
import { frame } from "./place";
import { font, size } from "./values";
import type { Style } from "./values";

const DECORATIONS: Readonly<Record<string, string>> = { underline: "underline", "line-through": "line-through" };
const ALIGN: Readonly<Record<string, string>> = { start: "start", center: "center", end: "end" };

function letters(part: Loose): Style {
  return {
    fontSize: font(part),
    color: color(part.color),
    fontWeight: part.weight === "bold" ? 700 : part.weight === "regular" ? 400 : undefined,
    fontStyle: part.style === "italic" ? "italic" : part.style === "normal" ? "normal" : undefined,
    textDecorationLine: under(DECORATIONS, part.decoration),
  };
}

const lettersOf = (span: Loose, part: Loose, line: unknown): Style =>
  letters({ ...span, decoration: line ?? span.decoration, scaling: part.scaling === true && span.size !== undefined });

export function Words({ part, place }: { part: Loose; place: Place }) {
  const spans = list(part.contents).filter(isRecord);
  const tap = useTap(part.action);
  const wraps = part.wrap === true;
  const lines = Math.max(0, Math.floor(number(part.maxLines)));
  const fitted = useFitting<HTMLParagraphElement>(part.adjustMode === "shrink-to-fit" && !wraps);
  const extra = wraps ? size(part.lineSpacing, {}, false) : undefined;
  // Spans cannot put off the text's decoration; each draws it at its own size.
  const line = under(DECORATIONS, part.decoration) ? part.decoration : undefined;
  const whole = letters(spans.length > 0 ? { ...part, decoration: undefined } : part);
  const own: Style = {
    textAlign: under(ALIGN, part.align),
    ...(wraps && lines > 0 ? { display: "-webkit-box", WebkitLineClamp: lines, WebkitBoxOrient: "vertical" } : {}),
    // Not above the first line nor below the last: half of it is taken away again at either end.
    ...(extra ? { lineHeight: `calc(1.4em + ${extra})`, marginBlock: `calc(${extra} / -2)` } : {}),
  };
  return (
    <div class={`flex-text ${wraps ? "is-wrapped" : ""}`} style={{ ...frame(part, place), ...whole }} {...tap}>
      <p ref={fitted} style={own}>
        {spans.length > 0
          ? spans.map((span, index) => (
              <span key={index} style={lettersOf(span, part, line)}>
                {text(span.text)}
              </span>
            ))
          : text(part.text)}
      </p>
    </div>
  );
}

/** Percent of its size below which a text is rather cut than made smaller. */
const SMALLEST = 50;

/** `adjustMode: shrink-to-fit`: a smaller font until the line fits, each time the width changes. */
export function useFitting<T extends HTMLElement>(wanted: boolean): RefObject<T | null> {
  const line = useRef<T>(null);
  useLayoutEffect(() => {
    const element = line.current;
    const around = element?.parentElement;
    if (!wanted || !element || !around) return;
    const fit = (): void => {
      element.style.fontSize = "";
      const whole = element.scrollWidth;
      const room = element.clientWidth;
      if (room > 0 && whole > room) element.style.fontSize = `${Math.max(SMALLEST, Math.floor((room / whole) * 98))}%`;
    };
    fit();
    const watch = new ResizeObserver(fit);
    watch.observe(around);
    return () => watch.disconnect();
  });
  return line;
}
