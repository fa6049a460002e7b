/** The bot's loading animation: gone with its next message, or when its seconds are over. */

import { useEffect, useState } from "preact/hooks";
import { bot, loading, platformNow, theBot } from "../state";
import { Avatar } from "./avatar";
import { say } from "./words";

export function Dots() {
  const until = loading.value;
  const [, over] = useState(0);
  const left = until - platformNow();
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(over, left + 20, until);
    return () => clearTimeout(timer);
  }, [until]);
  if (left <= 0) return null;
  const name = theBot.value?.display_name ?? bot.value;
  return (
    <div class="dots">
      <Avatar id={`bot ${bot.value} `} name={name} picture={theBot.value?.picture} />
      <span class="dots-bubble" role="img" aria-label={say("typing", name)}>
        <i />
        <i />
        <i />
      </span>
    </div>
  );
}
