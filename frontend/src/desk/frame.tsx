/** The frame of a dialog, and the fields that dialogs share. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "./icons";
import { escaped, useModal } from "./modal";
import { over } from "./state";
import { say } from "./words";

export const close = (): void => void (over.value = "");

interface FrameProps {
  title: string;
  children: ComponentChildren;
  /** What the main button does; none: there is none. */
  act?: (() => unknown) | undefined;
  label?: string;
  ready?: boolean;
  wide?: boolean;
}

/** A dialog that keeps the focus and gives it back. Ctrl+Enter does what its main button does. */
export function Frame({ title, children, act, label, ready = true, wide = false }: FrameProps) {
  const busy = useRef(false);
  const box = useModal((dialog) => {
    const find = (what: string) => dialog.querySelector<HTMLElement>(`.dialog-body ${what}`);
    return find("[data-focus]") ?? find("input:checked") ?? find("input") ?? dialog.querySelector<HTMLElement>("header button");
  });
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!ready || !act || busy.current) return;
    busy.current = true;
    const done = await act();
    busy.current = false;
    // Whoever was faster than the server may be in another dialog by now.
    if (done !== false && box.current) close();
  }
  return (
    <dialog
      ref={box}
      class={`dialog ${wide ? "is-wide" : ""}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === box.current && close()}
      onKeyDown={(event) => {
        if (escaped(event)) return;
        event.stopPropagation();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit(event);
      }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <header>
          <h2>{title}</h2>
          <button type="button" class="button-plain" aria-label={say("close")} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div class="dialog-body">{children}</div>
        {act && (
          <footer>
            <button type="button" class="button" onClick={close}>
              {say("cancel")}
            </button>
            <button type="submit" class="button button-main" disabled={!ready}>
              {label ?? say("ok")}
            </button>
          </footer>
        )}
      </form>
    </dialog>
  );
}

export function Area({ label, value, change, focus = false, rows = 3 }: { label: string; value: string; change: (value: string) => void; focus?: boolean; rows?: number }) {
  return (
    <label class="field">
      <span>{label}</span>
      <textarea rows={rows} value={value} data-focus={focus || undefined} onInput={(event) => change(event.currentTarget.value)} />
    </label>
  );
}

export function Option({ value, to, children }: { value: string; to: { value: string }; children: ComponentChildren }) {
  return (
    <label class="pick-one">
      <input type="radio" name="to" value={value} checked={to.value === value} onChange={() => (to.value = value)} />
      <span>{children}</span>
    </label>
  );
}
