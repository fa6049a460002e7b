/** The picker of names behind an @ in a group. */

import { bot, me, people, theBot, theGroup } from "../state";
import { Avatar } from "./avatar";
import { say } from "./words";
import type { Mention } from "./written";

/** Who can be mentioned: the others, the bot, and all. Those whose name holds the word, in any case. */
export function namesFor(word: string): Mention[] {
  const group = theGroup.value;
  if (!group) return [];
  const others = group.members.filter((id) => id !== me.value).map((id) => ({ to: id, name: people.value.get(id)?.name ?? id }));
  const account = group.bot === bot.value ? [{ to: "bot", name: theBot.value?.display_name ?? bot.value }] : [];
  const all = [...account, ...others, { to: "all", name: "All" }];
  return all.filter((one) => one.name.toLowerCase().includes(word.toLowerCase())).slice(0, 6);
}

export function Mentions({ names, choose }: { names: readonly Mention[]; choose: (mention: Mention) => void }) {
  return (
    <ul class="mentions" aria-label={say("mention_whom")}>
      {names.map((one) => (
        <li key={one.to}>
          <button type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => choose(one)}>
            <Avatar id={one.to} name={one.name} picture={people.value.get(one.to)?.picture} size={24} />
            {one.name}
          </button>
        </li>
      ))}
    </ul>
  );
}
