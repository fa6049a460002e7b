/** Texts as people write them: mentions and LINE emoji are marked by their place, in UTF-16 units as LINE counts. */

export interface Mention {
  /** A user id, "bot" or "all". */
  to: string;
  name: string;
}

export interface Placed {
  to: string;
  index: number;
  length: number;
}

/** Those of the chosen mentions that still stand in the text, each `@name` once and in order. */
export function mentionsIn(text: string, chosen: readonly Mention[]): Placed[] {
  const longest = [...chosen].sort((a, b) => b.name.length - a.name.length);
  const found: Placed[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", from)) {
    const mention = longest.find((m) => text.startsWith(m.name, at + 1));
    if (mention) found.push({ to: mention.to, index: at, length: mention.name.length + 1 });
    from = at + (mention ? mention.name.length + 1 : 1);
  }
  return found;
}

/** The beginning of a mention right before the caret, or null: what a picker of names looks for. */
export function mentionAt(text: string, caret: number): { from: number; word: string } | null {
  const at = text.lastIndexOf("@", caret - 1);
  if (at < 0) return null;
  const before = at > 0 ? text[at - 1]! : " ";
  const word = text.slice(at + 1, caret);
  // No sign of a mention: an address such as a@b, or words on another line.
  return /[A-Za-z0-9._]/.test(before) || /[\n@]/.test(word) || word.length > 20 ? null : { from: at, word };
}

/** LINE emoji are written `(name)` here and told by their place. */
export interface LineEmoji {
  name: string;
  productId: string;
  emojiId: string;
}

export interface PlacedEmoji {
  index: number;
  length: number;
  productId: string;
  emojiId: string;
}

export function emojiIn(text: string, known: readonly LineEmoji[]): PlacedEmoji[] {
  const found: PlacedEmoji[] = [];
  for (const match of text.matchAll(/\(([^()\n]{1,40})\)/g)) {
    const emoji = known.find((e) => e.name === match[1]);
    if (emoji) {
      found.push({ index: match.index, length: match[0].length, productId: emoji.productId, emojiId: emoji.emojiId });
    }
  }
  return found;
}
