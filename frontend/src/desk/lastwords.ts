/** What somebody said or did last, in a line, in the agent's language: the server tells a kind where there are no words. */

import type { Summary } from "./shapes";
import { say, told } from "./words";

export function lastOf(one: Pick<Summary, "last" | "last_kind">): string {
  const { last, last_kind: kind } = one;
  if (!kind) return last;
  if (kind === "postback") return last ? say("last_tapped", last) : say("last_tapped_something");
  const name = told(`last_${kind}`);
  return last ? `${name}: ${last}` : name;
}
