/** Opening a message's menu: by right click, by its button, or by a long press. */

import type { Entry } from "../shapes";
import { pointed } from "./ui";

const LONG = 500;

export function pointAt(entry: Entry, event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
  // A click by keyboard has no place of its own.
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const by = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : { x: box.left, y: box.bottom };
  pointed.value = { id: entry.id, ...by };
}

/** Handlers for a long press with a finger; moving or letting go earlier ends it. */
export function pressing(entry: Entry) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => clearTimeout(timer);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      clearTimeout(timer);
      if (touch) timer = setTimeout(() => (pointed.value = { id: entry.id, x: touch.clientX, y: touch.clientY }), LONG);
    },
    onTouchMove: end,
    onTouchEnd: end,
  };
}
