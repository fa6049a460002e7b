/** The sheets of groups and rooms: who is in, who comes and goes, the bot among them. */

import { useState } from "preact/hooks";
import { patch, post, remove } from "../api";
import { openChat } from "../live";
import type { Group } from "../shapes";
import { bot, groups, people, theBot, users, view } from "../state";
import { told, tried } from "../toasts";
import { Avatar } from "./avatar";
import { Icon } from "./icons";
import { Id } from "./id";
import { say } from "./words";

export function GroupForm({ id, close }: { id: string; close: () => void }) {
  const group = groups.value.find((one) => one.id === id);
  const [name, setName] = useState(group?.name ?? "");
  if (!group) return null;
  const others = users.value.filter((user) => !group.members.includes(user.id));
  return (
    <div class="picker">
      <form
        class="sheet-row"
        onSubmit={(event) => {
          event.preventDefault();
          void tried(patch(`/groups/${id}`, { name })).then((done) => done && close());
        }}
      >
        <label class="field">
          <span>{say("name")}</span>
          <input required value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <button class="button" disabled={name === group.name}>
          {say("save")}
        </button>
      </form>
      <h3>{say("members")}</h3>
      <ul class="members">
        <BotLine group={group} />
        {group.members.map((member) => (
          <li key={member}>
            <Avatar id={member} name={nameOf(member)} picture={people.value.get(member)?.picture} size={28} />
            <span>{nameOf(member)}</span>
            <button
              type="button"
              class="button"
              aria-label={say("remove_member", nameOf(member))}
              onClick={() => void tried(remove(`/groups/${id}/members/${member}`))}
            >
              {say("leaves")}
            </button>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <label class="field">
          <span>{say("add_member")}</span>
          <select
            value=""
            onChange={(event) => {
              const user = event.currentTarget.value;
              event.currentTarget.value = "";
              if (user) void tried(post(`/groups/${id}/members`, { users: [user] }));
            }}
          >
            <option value="">…</option>
            {others.map((user) => (
              <option key={user.id} value={user.id}>
                {user.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Id id={id} />
    </div>
  );
}

const nameOf = (id: string): string => people.value.get(id)?.name ?? id.slice(0, 8);

function BotLine({ group }: { group: Group }) {
  const name = theBot.value?.display_name ?? bot.value;
  const path = `/groups/${group.id}/bot`;
  if (group.bot && group.bot !== bot.value) return <li class="sheet-hint">{say("other_bot", group.bot)}</li>;
  return (
    <li>
      <Avatar id={`bot ${bot.value} `} name={name} picture={theBot.value?.picture} size={28} />
      <span>
        {name} <Icon name="bolt" size={13} />
      </span>
      {group.bot ? (
        <button type="button" class="button" onClick={() => void tried(remove(path))}>
          {say("remove_bot", name)}
        </button>
      ) : (
        <button type="button" class="button button-main" onClick={() => void tried(post(path, { bot: bot.value }))}>
          {say("invite_bot", name)}
        </button>
      )}
    </li>
  );
}

export function NewGroup({ kind: first, close }: { kind: Group["kind"]; close: () => void }) {
  const [kind, setKind] = useState(first);
  const [name, setName] = useState("");
  const [members, setMembers] = useState<readonly string[]>(() => users.value.slice(0, 3).map((user) => user.id));
  const [invited, setInvited] = useState(true);
  const toggle = (id: string) => setMembers(members.includes(id) ? members.filter((m) => m !== id) : [...members, id]);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const id = newId(kind);
      const made = await post<Group>("/groups", { id, kind, name, members, ...(invited && { bot: bot.value }) });
      groups.value = [...groups.value.filter((one) => one.id !== made.id), made];
      openChat(made.id);
      view.value = "phone";
      close();
    } catch (error) {
      told(error);
    }
  }

  return (
    <form class="picker" onSubmit={(event) => void submit(event)}>
      <div class="sheet-row">
        <label class="field">
          <span>{say("name")}</span>
          <input required data-focus value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="field">
          <span>{say("kind")}</span>
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Group["kind"])}>
            <option value="group">{say("group")}</option>
            <option value="room">{say("room")}</option>
          </select>
        </label>
      </div>
      <fieldset class="members-pick">
        <legend>{say("members")}</legend>
        {users.value.map((user) => (
          <label key={user.id} class="sheet-check">
            <input type="checkbox" checked={members.includes(user.id)} onChange={() => toggle(user.id)} />
            {user.name}
          </label>
        ))}
      </fieldset>
      <label class="sheet-check">
        <input type="checkbox" checked={invited} onChange={(event) => setInvited(event.currentTarget.checked)} />
        {say("invite_bot", theBot.value?.display_name ?? bot.value)}
      </label>
      <div class="sheet-row sheet-end">
        <button class="button button-main" disabled={!members.length}>
          {say("create")}
        </button>
      </div>
    </form>
  );
}

/** Two groups may have one name. */
function newId(kind: Group["kind"]): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return (kind === "group" ? "C" : "R") + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
