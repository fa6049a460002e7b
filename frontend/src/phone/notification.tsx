/** What a phone's lock screen would show of a message that comes in another chat. A click goes there. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { openBot, openChat } from "../live";
import { summary } from "../bubbles/summary";
import type { Entry } from "../shapes";
import { bot, groups, people, view } from "../state";
import { arrived } from "../live";
import { Avatar } from "./avatar";
import { voiceOf } from "./telling";
import { say } from "./words";

const STAYS = 5000;
const shown = signal<Entry | null>(null);
arrived.subscribe((entry) => {
  if (entry && entry.bot === bot.peek()) shown.value = entry;
});

export function Notification() {
  const entry = shown.value;
  useEffect(() => {
    if (!entry) return;
    const timer = setTimeout(() => (shown.value = null), STAYS);
    return () => clearTimeout(timer);
  }, [entry]);
  if (!entry) return null;
  const voice = voiceOf(entry);
  const to = groups.value.find((group) => group.id === entry.chat)?.name ?? people.value.get(entry.chat)?.name ?? "";
  return (
    <button
      type="button"
      class="notification"
      title={say("as_notification")}
      onClick={() => {
        shown.value = null;
        openBot(entry.bot);
        openChat(entry.chat);
        view.value = "phone";
      }}
    >
      <Avatar {...voice} size={32} />
      <span>
        <b>
          {voice.name} → {to}
        </b>
        <span>{summary(entry)}</span>
      </span>
    </button>
  );
}
