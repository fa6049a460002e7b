/** A message in one line, as notifications, chat lists and quotes show it. */

import type { Entry } from "../shapes";
import { text } from "./read";
import { plainText } from "./text";
import { say } from "./words";

/** Alt texts where LINE shows those, the words of texts, else the name of what was sent. */
export function summary(entry: Pick<Entry, "message" | "state">): string {
  const { message } = entry;
  if (entry.state === "unsent") return say("unsent");
  switch (message.type) {
    case "text":
    case "textV2":
      return plainText(message);
    case "template":
    case "flex":
    case "imagemap":
      return text(message.altText);
    case "sticker":
      return `[${say("sticker")}]`;
    case "image":
      return `[${say("photo")}]`;
    case "video":
      return `[${say("video")}]`;
    case "audio":
      return `[${say("audio")}]`;
    case "location":
      return text(message.title) || `[${say("location")}]`;
    case "file":
      return text(message.fileName) || `[${say("file")}]`;
    case "coupon":
      return `[${say("coupon")}]`;
    case "note":
      return text(message.text);
    default:
      return `[${text(message.type)}]`;
  }
}
