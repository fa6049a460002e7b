/** Cards side by side: swiped by touch, moved by arrows with a mouse, by keys when in focus; dots tell where one is. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "./words";

interface Props {
  label: string;
  cards: readonly ComponentChildren[];
  class?: string;
}

export function Scroller({ label, cards, class: own = "" }: Props) {
  const row = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const [ends, setEnds] = useState({ before: false, after: false });

  const look = (): void => {
    const box = row.current;
    if (!box) return;
    const reach = box.scrollWidth - box.clientWidth;
    const here = Math.abs(box.scrollLeft);
    setEnds({ before: here > 4, after: here < reach - 4 });
    setAt(reach > 4 && here >= reach - 4 ? cards.length - 1 : nearest(box));
  };
  useEffect(() => {
    const box = row.current;
    if (!box) return;
    look();
    const watch = new ResizeObserver(look);
    watch.observe(box);
    return () => watch.disconnect();
  }, [cards.length]);

  const go = (index: number): void => {
    const card = row.current?.children[Math.max(0, Math.min(index, cards.length - 1))];
    card?.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "nearest", inline: "start" });
  };
  return (
    <div class={`bubble-scroller ${own}`} role="group" aria-roledescription="carousel" aria-label={label}>
      <ul class="bubble-cards" ref={row} onScroll={look} tabIndex={0} aria-label={label}>
        {cards.map((card, index) => (
          <li key={index} class="bubble-card" aria-label={say("card", index + 1, cards.length)}>
            {card}
          </li>
        ))}
      </ul>
      {ends.before && <Arrow side="before" act={() => go(at - 1)} />}
      {ends.after && <Arrow side="after" act={() => go(at + 1)} />}
      {cards.length > 1 && (ends.before || ends.after) && (
        <div class="bubble-dots" aria-hidden="true">
          {cards.map((_, index) => (
            <i key={index} class={index === at ? "is-here" : ""} onClick={() => go(index)} />
          ))}
        </div>
      )}
    </div>
  );
}

function Arrow({ side, act }: { side: "before" | "after"; act: () => void }) {
  return (
    <button type="button" class={`bubble-arrow is-${side}`} aria-label={say(side)} title={say(side)} onClick={act}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={side === "before" ? "M8 1 3 6l5 5" : "M4 1l5 5-5 5"} fill="none" stroke="currentColor" stroke-width="1.8" />
      </svg>
    </button>
  );
}

/** The card whose start is nearest to the start of the row. */
function nearest(box: HTMLElement): number {
  const left = box.getBoundingClientRect().left;
  const away = [...box.children].map((card) => Math.abs(card.getBoundingClientRect().left - left));
  return Math.max(0, away.indexOf(Math.min(...away)));
}

const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
