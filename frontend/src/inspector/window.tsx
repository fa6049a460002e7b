/** A long list of which only what is in view is made. Heights are measured, so that entries can unfold. */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";

const SPARE = 600;

export interface Row {
  key: string;
}

interface Props<T> {
  items: readonly T[];
  name: (item: T) => string;
  draw: (item: T) => ComponentChildren;
  /** Height of an entry that was not measured yet. */
  guess: number;
  /** An entry to bring into view; `turn` rises when the same one is wanted again. */
  show?: { key: string; turn: number } | undefined;
  label: string;
  foot?: ComponentChildren;
  class?: string;
}

/** First and last entry in view and the empty room before and after them. */
export function span(heights: readonly number[], top: number, high: number): { first: number; last: number; before: number; after: number } {
  let at = 0;
  let first = 0;
  while (first < heights.length - 1 && at + heights[first]! <= top) at += heights[first++]!;
  const before = at;
  let last = first;
  while (last < heights.length && at < top + high) at += heights[last++]!;
  let after = 0;
  for (let index = last; index < heights.length; index++) after += heights[index]!;
  return { first, last, before, after };
}

export function Windowed<T>({ items, name, draw, guess, show, label, foot, class: own = "" }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const known = useRef(new Map<string, number>());
  const [, again] = useReducer((count: number) => count + 1, 0);
  const names = useMemo(() => items.map(name), [items]);
  const heights = names.map((key) => known.current.get(key) ?? guess);
  const top = box.current?.scrollTop ?? 0;
  const high = box.current?.clientHeight ?? 1_000;
  const { first, last, before, after } = span(heights, top - SPARE, high + 2 * SPARE);

  const measure = () => {
    let changed = false;
    for (const child of list.current?.children ?? []) {
      const key = (child as HTMLElement).dataset.row;
      if (!key) continue;
      const tall = (child as HTMLElement).getBoundingClientRect().height;
      if (tall && Math.abs((known.current.get(key) ?? -9) - tall) > 0.5) {
        known.current.set(key, tall);
        changed = true;
      }
    }
    if (changed) again(0);
  };

  useLayoutEffect(measure);
  useEffect(() => {
    const node = box.current;
    if (!node) return undefined;
    let asked = 0;
    const look = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => again(0));
    };
    const sizes = new ResizeObserver(() => {
      measure();
      look();
    });
    sizes.observe(node);
    if (list.current) sizes.observe(list.current);
    node.addEventListener("scroll", look, { passive: true });
    return () => {
      cancelAnimationFrame(asked);
      sizes.disconnect();
      node.removeEventListener("scroll", look);
    };
  }, []);
  useEffect(() => {
    const index = show ? names.indexOf(show.key) : -1;
    const node = box.current;
    if (index < 0 || !node) return undefined;
    node.scrollTop = heights.slice(0, index).reduce((sum, one) => sum + one, 0);
    again(0);
    // guessed heights are off: once the entry is made, it can be found exactly
    const then = setTimeout(() => {
      const row = [...(list.current?.children ?? [])].find((child) => (child as HTMLElement).dataset.row === show?.key);
      row?.scrollIntoView({ block: "start" });
    }, 60);
    return () => clearTimeout(then);
  }, [show?.key, show?.turn]);

  return (
    <div class={`insp-scroll ${own}`} ref={box} role="feed" aria-label={label} tabIndex={0}>
      <div ref={list}>
        <div style={{ height: `${before}px` }} />
        {items.slice(first, last).map((item, index) => (
          <div key={names[first + index]} data-row={names[first + index]}>
            {draw(item)}
          </div>
        ))}
        <div style={{ height: `${after}px` }} />
        {foot}
      </div>
    </div>
  );
}
