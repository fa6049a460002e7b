const MINUTE = 60_000;

/** `1 d 2 h`, in the two largest units. */
export function span(ms: number, words: readonly [string, string, string, string]): string {
  const units: readonly (readonly [number, string])[] = [
    [1440 * MINUTE, words[0]],
    [60 * MINUTE, words[1]],
    [MINUTE, words[2]],
    [1000, words[3]],
  ];
  const parts: string[] = [];
  let left = Math.round(ms / 1000) * 1000;
  for (const [size, word] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count) parts.push(`${count}${word}`);
  }
  return parts.slice(0, 2).join(" ") || `0${words[3]}`;
}
