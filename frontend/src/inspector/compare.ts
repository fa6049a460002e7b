/** Two texts beside each other, line by line. */

export interface Pair {
  was: string | null;
  now: string | null;
  same: boolean;
}

/** Longer texts are compared without looking for the longest common part. */
const MOST = 400;

/** Lines of both texts in order: equal ones side by side, the others where they were or are. */
export function compared(was: string, now: string): Pair[] {
  const left = was ? was.split("\n") : [];
  const right = now ? now.split("\n") : [];
  if (left.length > MOST || right.length > MOST) return side(left, right);
  const common = table(left, right);
  const pairs: Pair[] = [];
  let gone: string[] = [];
  let come: string[] = [];
  const flush = () => {
    pairs.push(...side(gone, come));
    gone = [];
    come = [];
  };
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      flush();
      pairs.push({ was: left[i++]!, now: right[j++]!, same: true });
    } else if (j >= right.length || (i < left.length && common[i + 1]![j]! >= common[i]![j + 1]!)) gone.push(left[i++]!);
    else come.push(right[j++]!);
  }
  flush();
  return pairs;
}

/** Only what differs, with a few lines around it; the number of lines left out stands where they were. */
export function hunks(pairs: readonly Pair[], around = 2): (Pair | number)[] {
  const near = pairs.map((_, index) => pairs.slice(Math.max(0, index - around), index + around + 1).some((pair) => !pair.same));
  const found: (Pair | number)[] = [];
  pairs.forEach((pair, index) => {
    const last = found.at(-1);
    if (near[index]) found.push(pair);
    else if (typeof last === "number") found[found.length - 1] = last + 1;
    else found.push(1);
  });
  return found;
}

function table(left: string[], right: string[]): number[][] {
  const common = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      common[i]![j] = left[i] === right[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  return common;
}

function side(left: readonly string[], right: readonly string[]): Pair[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const was = left[index] ?? null;
    const now = right[index] ?? null;
    return { was, now, same: was === now };
  });
}

/** The first and the last sign in which two lines differ, so that only that part is marked. */
export function differing(was: string, now: string): { start: number; wasEnd: number; nowEnd: number } {
  let start = 0;
  while (start < was.length && start < now.length && was[start] === now[start]) start++;
  let wasEnd = was.length;
  let nowEnd = now.length;
  while (wasEnd > start && nowEnd > start && was[wasEnd - 1] === now[nowEnd - 1]) {
    wasEnd--;
    nowEnd--;
  }
  return { start, wasEnd, nowEnd };
}

/** What a bot said, as text: a text as it is, anything else as indented JSON. */
export function spoken(said: unknown): string {
  if (typeof said === "string") return said;
  const message = said as { type?: string; text?: string } | null;
  if (message && typeof message.text === "string" && Object.keys(message).every((name) => name === "type" || name === "text")) {
    return message.text;
  }
  return JSON.stringify(said, null, 2);
}
