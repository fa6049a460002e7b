/** Stickers: LINE's artwork is not shipped, so a drawing with package, id, kind and keywords stands for each. */

import { list, text } from "./read";
import type { Loose } from "./read";
import { hash } from "./text";
import { say } from "./words";

const MOVING = ["ANIMATION", "ANIMATION_SOUND", "POPUP", "POPUP_SOUND"];
const SOUNDING = ["SOUND", "ANIMATION_SOUND", "POPUP_SOUND"];

export function Sticker({ message }: { message: Loose }) {
  const [pack, id, kind] = [text(message.packageId), text(message.stickerId), text(message.stickerResourceType)];
  const keywords = list(message.keywords).map(text).filter(Boolean);
  const label = [`${say("sticker")} ${pack} / ${id}`, ...keywords].join(", ");
  const moves = MOVING.includes(kind);
  return (
    <figure class="bubble-sticker" role="img" aria-label={label} title={[label, kind].filter(Boolean).join("\n")}>
      <Face hue={hash(pack) % 360} look={hash(id)} moves={moves} />
      {text(message.text) && <span class="bubble-sticker-text">{text(message.text)}</span>}
      <figcaption>
        <b>
          {pack} / {id}
        </b>
        {kind && kind !== "STATIC" && (
          <span class="bubble-kind">
            {kind}
            {SOUNDING.includes(kind) ? " ♪" : ""}
          </span>
        )}
        {keywords.length > 0 && <span>{keywords.slice(0, 4).join(" · ")}</span>}
      </figcaption>
    </figure>
  );
}

const EYES = ["M31 44v6M57 44v6", "M27 48q4-6 8 0M53 48q4-6 8 0", "M28 45l6 4-6 4M60 45l-6 4 6 4", "M27 47h8M53 47h8"] as const;
const MOUTHS = ["M36 60q8 9 16 0", "M37 63q7-7 14 0", "M38 60q6 12 12 0z", "M37 62h14"] as const;
const EARS = ["M18 34 14 8l22 14M70 34l4-26-22 14", "M22 28a11 11 0 1 1 12-12M66 28a11 11 0 1 0-12-12", "M30 22Q22-6 36 16M58 22q8-28-6-6"] as const;

function Face({ hue, look, moves }: { hue: number; look: number; moves: boolean }) {
  const skin = `hsl(${hue} 70% 86%)`;
  const line = `hsl(${hue} 35% 34%)`;
  return (
    <svg class={moves ? "is-moving" : ""} viewBox="0 0 88 84" aria-hidden="true" fill="none" stroke={line} stroke-width="3">
      <path d={EARS[look % EARS.length]} fill={skin} stroke-linejoin="round" />
      <ellipse cx="44" cy="48" rx="33" ry="31" fill={skin} />
      <path d={EYES[(look >> 3) % EYES.length]} stroke-linecap="round" />
      <path d={MOUTHS[(look >> 6) % MOUTHS.length]} stroke-linecap="round" />
    </svg>
  );
}
