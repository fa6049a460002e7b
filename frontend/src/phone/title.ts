/** The page's title tells how much was not seen, as the badge on a phone's screen does. */

import { effect } from "@preact/signals";
import { bot, summaries, theBot } from "../state";

effect(() => {
  let unread = 0;
  for (const [key, summary] of Object.entries(summaries.value)) {
    if (key.startsWith(`${bot.value}/`)) unread += summary.unread;
  }
  const name = theBot.value ? `${theBot.value.display_name} · Noren` : "Noren";
  document.title = unread ? `(${unread}) ${name}` : name;
});
