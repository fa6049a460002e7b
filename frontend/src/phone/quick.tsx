/** Quick replies: at the newest message only, until one is chosen or another message comes. */

import { useState } from "preact/hooks";
import type { Button, Entry } from "../shapes";
import { entries, me, reachable } from "../state";
import { chosen, doing } from "./doing";
import { asking } from "./rows";
import { say } from "./words";

export function QuickReplies() {
  const [gone, setGone] = useState("");
  const entry = asking(entries.value);
  if (!entry || !me.value || gone === entry.id) return null;
  const items = (entry.message.quickReply as { items?: { imageUrl?: string }[] } | undefined)?.items ?? [];
  const buttons = (entry.buttons ?? []).filter((button) => button.place === "quick");
  return (
    <div class="quick" role="group" aria-label={say("quick_replies")} key={entry.id}>
      {buttons.map((button, index) => {
        const icon = items[index]?.imageUrl;
        return (
          <button key={button.index} type="button" onClick={() => choose(entry, button, setGone)}>
            <Sign url={icon ? reachable(icon) : ""} type={button.action.type} />
            {button.label}
          </button>
        );
      })}
    </div>
  );
}

/** What says something vanishes with the tap, before the second tap of a quick finger; it is back when the tap went wrong. */
function choose(entry: Entry, button: Button, setGone: (id: string) => void): void {
  if (button.action.type !== "message" && button.action.type !== "postback") {
    doing.tap(entry, button.index);
    return;
  }
  setGone(entry.id);
  void chosen(entry, button).then((done) => {
    if (!done) setGone("");
  });
}

/** Camera, camera roll and location have signs of LINE's own when no picture can be shown. */
const SIGNS: Readonly<Record<string, string>> = { camera: "📷", cameraRoll: "🖼️", location: "📍" };

function Sign({ url, type }: { url: string; type: string }) {
  const [broken, setBroken] = useState(false);
  if (url && !broken) return <img src={url} alt="" onError={() => setBroken(true)} />;
  const sign = SIGNS[type];
  return sign ? <span aria-hidden="true">{sign}</span> : null;
}
