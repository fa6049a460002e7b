/** Rows of turns made fit to be read. */

import type { Step, Violation } from "./shapes";

const PLACE = new Set(["do", "flow", "step", "file", "line"]);

/** A step with an effect is told twice, when it is reached and when its answer is there: once is enough to read. */
export function walked(steps: readonly Step[]): Step[] {
  return steps.filter((step, index) => {
    const next = steps[index + 1];
    const bare = Object.keys(step).every((name) => PLACE.has(name));
    return !(bare && next?.action && [...PLACE].every((name) => next[name] === step[name]));
  });
}

/** Each rule at each place once, with how often it was met. */
export function grouped(violations: readonly Violation[]): (Violation & { times: number })[] {
  const found = new Map<string, Violation & { times: number }>();
  for (const one of violations) {
    const name = [one.rule, one.property, one.message, one.file, one.line].join("\n");
    const known = found.get(name);
    if (known) known.times++;
    else found.set(name, { ...one, times: 1 });
  }
  return [...found.values()];
}
