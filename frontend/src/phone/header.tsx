/** The head of the chat: back to all chats, whom one talks to, and what can be changed. */

import { chat, groups, people, theBot, theGroup, theUser, view } from "../state";
import { Avatar } from "./avatar";
import { GroupForm } from "./group";
import { Icon } from "./icons";
import { altShown, openSheet } from "./ui";
import { UserForm } from "./user";
import { say } from "./words";

export function ChatHeader() {
  const group = theGroup.value;
  const bot = theBot.value;
  const user = theUser.value;
  const name = group ? group.name : (bot?.display_name ?? "");
  const count = group ? group.members.length + (group.bot ? 1 : 0) : 0;
  return (
    <header class="head">
      <button type="button" class="button-plain head-back" aria-label={say("back")} onClick={() => (view.value = "chats")}>
        <Icon name="back" />
      </button>
      <h1>
        {name}
        {count > 0 && <span> ({count})</span>}
      </h1>
      {!group && user && (
        <span class="head-me" title={say("write_as")}>
          <Avatar id={user.id} name={user.name} picture={user.picture} size={20} />
          {user.name}
        </span>
      )}
      <button
        type="button"
        class="button-plain"
        aria-label={say(altShown.value ? "hide_notification" : "show_notification")}
        title={say(altShown.value ? "hide_notification" : "show_notification")}
        aria-pressed={altShown.value}
        onClick={() => (altShown.value = !altShown.value)}
      >
        <Icon name="bell" size={20} />
      </button>
      <button
        type="button"
        class="button-plain"
        aria-label={say("edit_chat", group?.name ?? user?.name ?? "")}
        title={say("edit_chat", group?.name ?? user?.name ?? "")}
        onClick={() => settings(chat.value)}
      >
        <Icon name="all" size={20} />
      </button>
    </header>
  );
}

/** The sheet of a person or a group. */
export function settings(id: string): void {
  const name = people.value.get(id)?.name ?? groups.value.find((group) => group.id === id)?.name ?? "";
  const Form = id.startsWith("U") ? UserForm : GroupForm;
  openSheet(say("edit_chat", name), (close) => <Form id={id} close={close} />);
}
