/** Labels as chips, in the colours that were given to them. */

import "./labels.css";
import { coloured } from "./state";

export function Label({ name }: { name: string }) {
  return <span class={`label ${hue(name)}`}>{name}</span>;
}

export const hue = (name: string): string => `is-${coloured.value.get(name) ?? "plain"}`;
