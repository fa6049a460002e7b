/** Ready-made replies: which fit, in which language, with what filled in. Pure. */

import type { Canned } from "../shapes";

/** The text in the customer's language, else in the first there is. */
export function textOf(one: Canned, language: string): string {
  const short = language.split("-")[0] ?? "";
  return one.texts[language] ?? one.texts[short] ?? one.texts.en ?? Object.values(one.texts)[0] ?? "";
}

/** `{{ customer }}` and its like, filled in; what is not known stays as it stands, so that it is noticed. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (all, key: string) => (Object.hasOwn(values, key) && values[key] ? values[key] : all));
}

/** Those that fit what was typed: by code first, then by title and words. */
export function fitting(all: readonly Canned[], typed: string, language: string): Canned[] {
  const words = typed.trim().toLocaleLowerCase();
  const rank = (one: Canned): number => {
    const code = one.code.toLocaleLowerCase();
    if (!words || code === words) return 0;
    if (code.startsWith(words)) return 1;
    if (`${code} ${one.title ?? ""}`.toLocaleLowerCase().includes(words)) return 2;
    return textOf(one, language).toLocaleLowerCase().includes(words) ? 3 : 9;
  };
  return all
    .map((one) => ({ one, at: rank(one) }))
    .filter(({ at }) => at < 9)
    .sort((a, b) => a.at - b.at || a.one.code.localeCompare(b.one.code))
    .map(({ one }) => one);
}
