/** Small things that every tab uses. */

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { post } from "../api";
import { told } from "../toasts";
import { language } from "../words/words";
import { bench, path } from "./bench";
import { folded } from "./folding";
import { say } from "./words";

/** The place in a file whose source is shown in the drawer. */
export const looking = signal<{ file: string; line: number } | null>(null);

/** Do something that may be refused; the server's own words are shown then. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    told(error);
    return undefined;
  }
}

export function Button(props: {
  children: ComponentChildren;
  onClick: () => unknown;
  kind?: "plain" | "main" | "bad" | "quiet";
  disabled?: boolean;
  /** Said by screen readers instead of a sign. */
  label?: string;
  /** Shown when the pointer rests. */
  hint?: string;
  pressed?: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const click = async () => {
    setBusy(true);
    await props.onClick();
    setBusy(false);
  };
  return (
    <button
      type="button"
      class={`insp-button insp-button-${props.kind ?? "plain"}`}
      disabled={props.disabled || busy}
      aria-label={props.label}
      title={props.hint ?? props.label}
      aria-pressed={props.pressed}
      onClick={() => void click()}
    >
      {props.children}
    </button>
  );
}

export function Copy({ text, words }: { text: string | (() => string | Promise<string>); words?: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const back = setTimeout(() => setDone(false), 1_200);
    return () => clearTimeout(back);
  }, [done]);
  const copy = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(typeof text === "string" ? text : await text());
      setDone(true);
    });
  return (
    <Button kind="quiet" onClick={copy}>
      {done ? say("copied") : (words ?? say("copy"))}
    </Button>
  );
}

export const openEditor = (file: string, line: number) => attempt(() => post(path("/open"), { file, line }));

/** `booking.yaml:12`, which shows the source when clicked; `brief` leaves the file out where it is plain. */
export function Place(props: { file?: string | undefined; line?: number | undefined; name?: string | undefined; column?: number; brief?: boolean }) {
  const { file, line, name, column } = props;
  if (!file) return name ? <span class="insp-mono">{name}</span> : null;
  const at = `${file}${line ? `:${line}` : ""}${line && column ? `:${column}` : ""}`;
  if (bench.value !== "there") return <span class="insp-mono">{name ?? at}</span>;
  return (
    <button type="button" class="insp-place" title={at} onClick={() => (looking.value = { file, line: line ?? 1 })}>
      {name ? <span class="insp-place-name">{name}</span> : null}
      <span class="insp-place-at">{props.brief ? `:${line}` : name ? short(at) : at}</span>
    </button>
  );
}

/** A path without its folders. */
export const short = (file: string) => file.slice(file.lastIndexOf("/") + 1);

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

export function Pill({ tone = "plain", children, title }: { tone?: Tone; children: ComponentChildren; title?: string }) {
  return (
    <span class={`insp-pill insp-pill-${tone}`} title={title}>
      {children}
    </span>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="insp-empty">{children}</p>;
}

/** A part with a heading that can be folded away. What is inside is only made while it is open. */
export function Fold(props: { title: ComponentChildren; open?: boolean; children: () => ComponentChildren; class?: string }) {
  const [open, setOpen] = useState(props.open ?? false);
  return (
    <details
      class={`insp-fold ${props.class ?? ""}`}
      open={open}
      onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary>{props.title}</summary>
      {open ? props.children() : null}
    </details>
  );
}

/** Text of any length: the first lines, the rest on request. */
export function Long({ text, lines = 12, class: own = "" }: { text: string; lines?: number; class?: string }) {
  const [all, setAll] = useState(false);
  const { shown, hidden } = folded(text, all ? Number.POSITIVE_INFINITY : lines);
  return (
    <div class={`insp-long ${own}`}>
      <pre>{shown}</pre>
      {hidden || all ? (
        <button type="button" class="insp-more" onClick={() => setAll(!all)}>
          {all ? say("less") : say("moreLines", hidden)}
        </button>
      ) : null}
    </div>
  );
}

/** A moment of the platform's clock as people here read it. */
export function clockTime(at: number, date = false): string {
  const locale = language.value === "ja" ? "ja-JP" : "en-GB";
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return new Date(at).toLocaleString(locale, date ? { month: "short", day: "numeric", ...time } : time);
}

export const millis = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? "" : ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${ms >= 10 ? Math.round(ms) : Math.round(ms * 10) / 10} ms`;
