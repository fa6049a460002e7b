/** What the page finds in a browser and Node has not: import it first. */

const kept = new Map([["noren.language", "en"]]);

globalThis.localStorage ??= {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
} as Storage;

globalThis.document ??= { documentElement: {} } as Document;
