/** Dialogs that have the keyboard from the instant they are asked for until the instant they are left: keys that
 * follow at once, as people who type fast press them, go where they are meant. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { over } from "./state";

/** A `<dialog>` that stands over the page while its component does. `first`: what in it gets the focus. */
export function useModal(first: (dialog: HTMLDialogElement) => HTMLElement | null | undefined): RefObject<HTMLDialogElement | null> {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    dialog.showModal();
    first(dialog)?.focus();
    // Closed before it goes, not by going: closing gives the focus back, which nothing below it can have until then.
    return () => dialog.close();
  }, []);
  return box;
}

/** Whether this key left the dialog. The browser's own Escape tells of it a task later, when more keys may have come. */
export function escaped(event: KeyboardEvent): boolean {
  if (event.key !== "Escape" || event.isComposing) return false;
  event.preventDefault();
  event.stopPropagation();
  over.value = "";
  return true;
}
