/** Emoji for the text, and stickers that bots may send. LINE's drawings are not shipped: placeholders stand for them. */

import { Sticker } from "../../bubbles/sticker";
import { SIGNS, STICKERS, type Sticker as One } from "../../phone/emoji";
import { say } from "../words";

/** Animated ones of other packages cannot be sent by official accounts. */
const SENDABLE = STICKERS;

export function EmojiPalette({ use }: { use: (sign: string) => void }) {
  return (
    <div class="palette" role="group" aria-label={say("emoji")}>
      {SIGNS.map((sign) => (
        <button key={sign} type="button" class="palette-sign" onClick={() => use(sign)}>
          {sign}
        </button>
      ))}
    </div>
  );
}

export function StickerPalette({ use }: { use: (sticker: One) => void }) {
  return (
    <div class="palette palette-stickers" role="group" aria-label={say("stickers")}>
      {SENDABLE.map((one) => (
        <button
          key={`${one.package} ${one.sticker}`}
          type="button"
          aria-label={`${say("stickers")} ${one.package} / ${one.sticker}: ${one.keywords.join(", ")}`}
          onClick={() => use(one)}
        >
          <Sticker message={{ packageId: one.package, stickerId: one.sticker, keywords: one.keywords }} />
        </button>
      ))}
    </div>
  );
}
