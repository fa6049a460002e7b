/** The desk's words in five languages; where one has none of its own, English stands in. */

import { effect, signal } from "@preact/signals";
import { language } from "../words/words";
import { ADMIN } from "./words/admin";
import { FRAME } from "./words/frame";
import { HAPPENED } from "./words/happened";
import { fill, sentence } from "./words/sentences";
import { TALK } from "./words/talk";

export const TONGUES = ["en", "ja", "th", "zh-TW", "id"] as const;
export type Tongue = (typeof TONGUES)[number];
export const NAMES: Readonly<Record<Tongue, string>> = {
  en: "English",
  ja: "日本語",
  th: "ไทย",
  "zh-TW": "繁體中文",
  id: "Bahasa Indonesia",
};

/** English, Japanese, Thai, Chinese, Indonesian. */
export type Entry = readonly [string, string, string?, string?, string?];

const WORDS = { ...FRAME, ...TALK, ...ADMIN, ...HAPPENED } satisfies Record<string, Entry>;
export type Word = keyof typeof WORDS;

const KEPT = "noren.desk.language";

export function tongueOf(wanted: string): Tongue {
  const low = wanted.toLowerCase();
  if (low.startsWith("zh")) return "zh-TW";
  return TONGUES.find((one) => low === one.toLowerCase() || low.startsWith(`${one}-`)) ?? "en";
}

export const tongue = signal<Tongue>(tongueOf(localStorage.getItem(KEPT) ?? navigator.language));

export function speak(chosen: Tongue): void {
  localStorage.setItem(KEPT, chosen);
  tongue.value = chosen;
}

effect(() => {
  // The bubbles know two languages.
  language.value = tongue.value === "ja" ? "ja" : "en";
  const lang = tongue.value;
  // After the bubbles' own words, which set it too.
  queueMicrotask(() => (document.documentElement.lang = lang));
});

const isWord = (key: string): key is Word => Object.hasOwn(WORDS, key);

export function say(key: Word, ...parts: (string | number)[]): string {
  const entry: Entry = WORDS[key];
  const text = entry[TONGUES.indexOf(tongue.value)] || entry[0];
  return fill(text, parts);
}

/** A word whose name is put together; the name itself when there is none. */
export const told = (key: string, ...parts: (string | number)[]): string => (isWord(key) ? say(key, ...parts) : key.replace(/^.*\./, ""));

/** A word whose name is put together, or something else when there is none. */
export const worded = (key: string, otherwise: string): string => (isWord(key) ? say(key) : otherwise);

/** What the server said, in the language of the page where it is known; what differs may be a state or a role. */
export const refusal = (detail: string): string =>
  sentence(detail, TONGUES.indexOf(tongue.value), (word) => {
    const named = [`state_${word}`, `role_${word}`].find(isWord);
    return named ? say(named) : word;
  });

const format = (options: Intl.DateTimeFormatOptions) => (at: number) => new Date(at).toLocaleString(tongue.value, options);
export const clock = format({ hour: "2-digit", minute: "2-digit" });
export const date = format({ weekday: "short", month: "short", day: "numeric" });
export const moment = format({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
