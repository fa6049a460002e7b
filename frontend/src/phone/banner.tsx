/** What stands between the person and the bot, over the chat. */

import { bot, chat, connected, theBot, theGroup, theUser, troubles } from "../state";
import { post } from "../api";
import { tried } from "../toasts";
import { befriend } from "./acts";
import { doubled } from "./ui";
import { say } from "./words";

export function Banner() {
  if (!connected.value) return <Line tone="bad" text={say("offline")} />;
  const name = theBot.value?.display_name ?? bot.value;
  const user = theUser.value;
  const group = theGroup.value;
  if (group && group.bot !== bot.value) {
    const invite = () => void tried(post(`/groups/${chat.value}/bot`, { bot: bot.value }));
    return group.bot ? (
      <Line tone="warn" text={say("other_bot", group.bot)} />
    ) : (
      <Line tone="warn" text={say("bot_gone", name)} does={say("invite_bot", name)} act={invite} />
    );
  }
  const relation = group ? "friend" : (user?.relations[bot.value] ?? "friend");
  if (user && relation !== "friend") {
    const text = say(relation === "blocked" ? "blocked_here" : "stranger_here", user.name, name);
    const does = say(relation === "blocked" ? "unblock" : "befriend");
    return <Line tone="warn" text={text} does={does} act={() => void befriend(user.id, true)} />;
  }
  const trouble = troubles.value[bot.value];
  if (trouble) return <Line tone="bad" text={say("bot_down", reasonOf(trouble))} />;
  if (!doubled.value) return null;
  return <Line tone="warn" text={say("double_on")} does={say("single_tap")} act={() => (doubled.value = false)} />;
}

const reasonOf = ({ status, reason }: { status: number; reason: string }): string =>
  status ? `${status}, ${reason.toLowerCase().replaceAll("_", " ")}` : reason.toLowerCase().replaceAll("_", " ");

interface LineProps {
  tone: "bad" | "warn";
  text: string;
  does?: string;
  act?: () => unknown;
}

function Line({ tone, text, does, act }: LineProps) {
  return (
    <div class={`banner banner-${tone}`} role="status">
      <span>{text}</span>
      {does && (
        <button type="button" class="button" onClick={act}>
          {does}
        </button>
      )}
    </div>
  );
}
