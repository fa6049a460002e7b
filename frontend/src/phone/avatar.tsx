import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { reachable } from "../state";

/** Colours somebody chose by hand; the others follow from the id. The simulator knows pictures only by address. */
const kept = signal<Readonly<Record<string, string>>>(JSON.parse(localStorage.getItem("noren.colours") ?? "{}"));

export const COLOURS = ["#5b7cc4", "#c4645b", "#4f9d76", "#b07a2e", "#8a63b8", "#3f93a8", "#b85c8d", "#6f7b86"] as const;

export function colourOf(id: string): string {
  const chosen = kept.value[id];
  if (chosen) return chosen;
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

export function colour(id: string, chosen: string): void {
  kept.value = { ...kept.value, [id]: chosen };
  localStorage.setItem("noren.colours", JSON.stringify(kept.value));
}

interface Shown {
  id: string;
  name: string;
  picture?: string;
  size?: number;
  /** Another colour than the one that is kept. */
  tint?: string;
}

/** A round picture, or (without one that can be loaded) the first letter of the name on a colour. The name stands beside it: no text of its own. */
export function Avatar({ id, name, picture, size = 36, tint }: Shown) {
  const [broken, setBroken] = useState("");
  const url = picture ? reachable(picture) : "";
  const box = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.45)}px` };
  if (url && url !== broken) return <img class="avatar" style={box} src={url} alt="" onError={() => setBroken(url)} />;
  const letter = [...name.trim()][0]?.toUpperCase() ?? "?";
  return (
    <span class="avatar" style={{ ...box, background: tint ?? colourOf(id) }} aria-hidden="true">
      {letter}
    </span>
  );
}
