/** Text messages with their links, LINE emoji and mentions. */

import { me, users } from "../state";
import { flat, ofText, ofTextV2 } from "./pieces";
import type { Piece } from "./pieces";
import { target } from "./read";
import type { Loose } from "./read";
import { say } from "./words";

const called = (id: string): string => users.value.find((user) => user.id === id)?.name ?? id;

export const pieces = (message: Loose): Piece[] =>
  message.type === "textV2" ? ofTextV2(message, called, say("everyone")) : ofText(message);

export const plainText = (message: Loose): string => flat(pieces(message));

export function Text({ message }: { message: Loose }) {
  const found = pieces(message);
  const only = found.length === 1 ? found[0] : undefined;
  return (
    <p class={`bubble-words ${only?.kind === "emoji" ? "is-emoji" : ""}`} dir="auto">
      {found.map((piece, index) => (
        <Drawn key={index} piece={piece} />
      ))}
    </p>
  );
}

function Drawn({ piece }: { piece: Piece }) {
  if (piece.kind === "plain") return <>{piece.text}</>;
  if (piece.kind === "emoji") return <LineEmoji product={piece.product} emoji={piece.emoji} />;
  if (piece.kind === "mention") {
    return <span class={`bubble-mention ${piece.user && piece.user === me.value ? "is-me" : ""}`}>{piece.text}</span>;
  }
  const href = target(piece.href);
  if (!href) return <>{piece.text}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {piece.text}
    </a>
  );
}

/** LINE's own drawings are not shipped: a face whose colour and look follow its ids. */
export function LineEmoji({ product, emoji }: { product: string; emoji: string }) {
  const name = say("emoji", product, emoji);
  const hue = hash(product + emoji) % 360;
  const mouth = MOUTHS[hash(emoji + product) % MOUTHS.length];
  return (
    <span class="bubble-emoji" role="img" aria-label={name} title={name}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="9" fill={`hsl(${hue} 75% 72%)`} stroke={`hsl(${hue} 45% 42%)`} />
        <circle cx="7" cy="8" r="1.3" fill="#333" />
        <circle cx="13" cy="8" r="1.3" fill="#333" />
        <path d={mouth} fill="none" stroke="#333" stroke-width="1.4" stroke-linecap="round" />
      </svg>
    </span>
  );
}

const MOUTHS = ["M6 12q4 4 8 0", "M6.500 13.500h7", "M7 14q3-4 6 0", "M8 13q2 3 4 0"] as const;

/** The same small number for the same text. */
export function hash(value: string): number {
  let found = 7;
  for (let at = 0; at < value.length; at += 1) found = (found * 31 + value.charCodeAt(at)) >>> 0;
  return found;
}
