/** A sheet over the phone: a dialog that keeps the focus and gives it back. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { giveBack } from "./focus";
import { Icon } from "./icons";
import { closeSheet, sheet } from "./ui";
import { say } from "./words";

const FOCUSABLE = "button:not(:disabled), input, select, textarea, a[href], [tabindex='0']";

export function SheetLayer() {
  const open = sheet.value;
  return open ? <Open key={open.title} title={open.title}>{open.body(closeSheet)}</Open> : null;
}

function Open({ title, children }: { title: string; children: preact.ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const find = (what: string) => box.current?.querySelector<HTMLElement>(what);
    const wanted = find("[data-focus]") ?? find(".sheet-body input, .sheet-body button");
    (wanted ?? box.current)?.focus();
    const at = box.current;
    return () => giveBack(before, at);
  }, []);
  return (
    <div class="sheet-back" onClick={(event) => event.target === event.currentTarget && closeSheet()}>
      <div
        ref={box}
        class="sheet"
        role="dialog"
        aria-modal="true"
        aria-label={title}
        tabIndex={-1}
        onKeyDown={(event) => (event.key === "Escape" ? leave(event) : event.key === "Tab" && stay(event, box.current))}
      >
        <header class="sheet-head">
          <h2>{title}</h2>
          <button type="button" class="button-plain" aria-label={say("close")} onClick={closeSheet}>
            <Icon name="close" />
          </button>
        </header>
        <div class="sheet-body">{children}</div>
      </div>
    </div>
  );
}

function leave(event: KeyboardEvent): void {
  event.stopPropagation();
  closeSheet();
}

/** The tab key goes round within the sheet. */
function stay(event: KeyboardEvent, box: HTMLElement | null): void {
  const all = box ? [...box.querySelectorAll<HTMLElement>(FOCUSABLE)] : [];
  const first = all[0];
  const last = all[all.length - 1];
  if (!first || !last) return;
  const at = document.activeElement;
  if (event.shiftKey ? at === first || at === box : at === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
