/** Words to begin with, as long as nobody has written anything here and the bot offers nothing itself. */

import { chat, entries, theUser } from "../state";
import { send } from "./acts";
import { asking } from "./rows";
import { say } from "./words";

const FIRST: Readonly<Record<string, readonly string[]>> = {
  en: ["Hello 👋", "menu", "Thank you"],
  ja: ["こんにちは", "メニュー", "ありがとう"],
  th: ["สวัสดี", "เมนู", "ขอบคุณ"],
  "zh-TW": ["你好", "選單", "謝謝"],
  id: ["Halo 👋", "menu", "Terima kasih"],
};

export function Suggestions() {
  // A bot that offers quick replies of its own has begun the chat already.
  const begun = asking(entries.value) || entries.value.some((entry) => entry.who !== "bot" && entry.via !== "note");
  if (begun || !chat.value.startsWith("U") || theUser.value?.relations === undefined) return null;
  const words = FIRST[theUser.value.language] ?? FIRST.en ?? [];
  return (
    <div class="begin">
      <p>{say("welcome")}</p>
      <div>
        {words.map((text) => (
          <button key={text} type="button" onClick={() => void send({ type: "text", text })}>
            {text}
          </button>
        ))}
      </div>
    </div>
  );
}
