/** Short notes at the edge of the page that go away by themselves. */

import { signal } from "@preact/signals";
import "./toasts.css";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "good" | "bad";
  act?: () => void;
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Say something; a click does `act`. Bad news stays longer. */
export function toast(text: string, tone: Toast["tone"] = "plain", act?: () => void): void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-3), { id, text, tone, act }];
  setTimeout(() => dismiss(id), tone === "bad" ? 8000 : 3500);
}

/** Say what went wrong, in the server's own words. */
export function told(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error), "bad");
}

/** Do something and say so if it goes wrong. Tells whether it went well. */
export async function tried(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    told(error);
    return false;
  }
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((t) => (
        <button
          key={t.id}
          type="button"
          class={`toast toast-${t.tone}`}
          onClick={() => {
            t.act?.();
            dismiss(t.id);
          }}
        >
          {t.text}
        </button>
      ))}
    </div>
  );
}
