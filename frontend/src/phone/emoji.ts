/** What the palettes offer. LINE's own artwork is not shipped: its emoji and stickers go by number and name. */

import type { LineEmoji } from "./written";

/** Some of https://developers.line.biz/en/docs/messaging-api/emoji-list/; the names are ours. */
export const EMOJI: readonly LineEmoji[] = [
  ...numbered("5ac1bfd5040ab15980c9b435", ["smile", "wink", "laugh", "heart eyes", "kiss", "cry", "angry", "sleepy"]),
  ...numbered("5ac21a8c040ab15980c9b43f", ["ok", "good", "peace", "clap", "please", "thanks", "sorry", "bye"]),
];

function numbered(productId: string, names: readonly string[]): LineEmoji[] {
  return names.map((name, index) => ({ name, productId, emojiId: String(index + 1).padStart(3, "0") }));
}

export const SIGNS =
  "😀 😄 😂 🤣 😊 🙂 😉 😍 🥰 😘 😋 😎 🤔 😐 🙄 😴 😷 🥳 😢 😭 😤 😡 😱 🥺 👍 👎 👌 ✌️ 🙏 👏 💪 👋 🙇 💕 ❤️ 💔 ✨ 🎉 🎁 🎂 🌸 🍵 🍡 🍰 🍣 🍜 🍺 ☕ 🐱 🐶 🐰 🐻 ☀️ ☔ ⛄ 🌈 🚃 ✈️ 🏠 🏪 ⏰ 📷 💡 ❓".split(" ");

export interface Sticker {
  package: string;
  sticker: string;
  /** What LINE's webhook tells of the drawing; up to 15 words on LINE. */
  keywords: readonly string[];
  resource?: string;
}

/**
 * Of the packages that bots may send as well: https://developers.line.biz/en/docs/messaging-api/sticker-list/
 * The keywords are ours: what LINE tells of each is not published.
 */
export const STICKERS: readonly Sticker[] = [
  ...pack("446", 1988, [["hello", "hi"], ["thanks", "thank you"], ["ok", "good"], ["love", "heart"], ["sorry", "apologize"], ["happy", "yay"]]),
  ...pack("789", 10855, [["good", "like"], ["laugh", "haha"], ["cry", "sad"], ["angry", "mad"], ["sleepy", "good night"], ["surprised", "wow"]]),
  ...pack("1070", 17839, [["good morning"], ["congratulations", "party"], ["cheer", "go"], ["please"], ["bye", "see you"], ["busy", "tired"]]),
  ...pack("6325", 10979904, [["hug"], ["shock", "oh no"], ["wait"], ["question", "what"], ["hungry", "meal"], ["no", "refuse"]]),
  ...pack("11537", 52002734, [["yes", "nod"], ["thumbs up"], ["run", "hurry"], ["think"], ["shy"], ["kiss"]], "ANIMATION"),
];

function pack(id: string, first: number, words: readonly (readonly string[])[], resource?: string): Sticker[] {
  return words.map((keywords, index) => ({ package: id, sticker: String(first + index), keywords, ...(resource && { resource }) }));
}
