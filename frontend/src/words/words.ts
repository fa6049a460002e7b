/** The page's words in English and Japanese. Each part of the page keeps its own table beside this file. */

import { effect, signal } from "@preact/signals";

export type Language = "en" | "ja";

function first(): Language {
  const kept = localStorage.getItem("noren.language");
  if (kept === "en" || kept === "ja") return kept;
  return navigator.language.startsWith("ja") ? "ja" : "en";
}

export const language = signal<Language>(first());

export function speak(chosen: Language): void {
  localStorage.setItem("noren.language", chosen);
  language.value = chosen;
}

effect(() => {
  document.documentElement.lang = language.value;
});

/** A table of words: `{ send: ["Send", "送信"] }`. `{0}`, `{1}` … stand for what is put in. */
export type Words<K extends string> = Record<K, readonly [string, string]>;

export function speaker<K extends string>(words: Words<K>): (key: K, ...parts: (string | number)[]) => string {
  return (key, ...parts) => {
    const text = words[key][language.value === "ja" ? 1 : 0];
    return text.replace(/\{(\d)\}/g, (_, n: string) => String(parts[Number(n)] ?? ""));
  };
}
