/** Words of the frame around the three areas. */

import { speaker, type Words } from "./words";

const WORDS = {
  chats: ["Chats", "トーク"],
  phone: ["Phone", "スマホ"],
  inspector: ["Inspector", "インスペクター"],
  broken: ["This part of the page came to a stop. The rest goes on.", "この部分の表示が止まりました。ほかは引き続き使えます。"],
  again: ["Show it again", "もう一度表示"],
  areas: ["Areas", "画面の切り替え"],
} satisfies Words<string>;

export const say = speaker(WORDS);
