/** All chats of the bot in view: people, groups and rooms, the latest first. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { openChat } from "../live";
import { bot, chat, groups, me, people, place, summaries, users, view, type Summary } from "../state";
import { Avatar } from "./avatar";
import { arrows } from "./focus";
import { GroupAvatar } from "./groupavatar";
import { settings } from "./header";
import { Icon } from "./icons";
import { NewGroup } from "./group";
import { resetAll } from "./reset";
import { lastLine, whenOf } from "./telling";
import { openSheet } from "./ui";
import { UserForm } from "./user";
import { say } from "./words";
import "./list.css";

const search = signal("");

interface Item {
  id: string;
  name: string;
  /** A person's language, or that it is a room. */
  kind: string;
  /** What is unusual about it, in a word. */
  sign: string;
  summary?: Summary;
}

/** Everybody who fits the search; the latest first, then those with whom nothing was said yet. */
export function itemsNow(): Item[] {
  const summaryOf = (id: string) => summaries.value[place(bot.value, id)];
  const persons = users.value.map((user) => {
    const relation = user.relations[bot.value] ?? "friend";
    const sign = relation === "blocked" ? say("is_blocked") : relation === "none" ? say("not_friend") : "";
    return { id: user.id, name: user.name, kind: user.language, sign, summary: summaryOf(user.id) };
  });
  const many = groups.value.map((group) => {
    const sign = group.bot === bot.value ? "" : say("bot_away");
    const count = group.members.length + (group.bot ? 1 : 0);
    const kind = group.kind === "room" ? say("room") : "";
    return { id: group.id, name: `${group.name} (${count})`, kind, sign, summary: summaryOf(group.id) };
  });
  const word = search.value.trim().toLowerCase();
  return [...persons, ...many]
    .filter((item) => item.name.toLowerCase().includes(word))
    .sort((a, b) => (b.summary?.last.at ?? 0) - (a.summary?.last.at ?? 0));
}

export function ChatList() {
  return (
    <nav class="chats" aria-label={say("chats")}>
      <header class="chats-head">
        <h2>{say("chats")}</h2>
        <New />
      </header>
      <label class="chats-search">
        <Icon name="search" size={16} />
        <input
          type="search"
          value={search.value}
          placeholder={say("search")}
          aria-label={say("search")}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </label>
      <List />
      <footer class="chats-foot">
        <button type="button" class="button-plain" onClick={resetAll}>
          {say("reset_all")}
        </button>
      </footer>
    </nav>
  );
}

function List() {
  const items = itemsNow();
  const list = useRef<HTMLUListElement>(null);
  if (!items.length && search.value) return <p class="chats-none">{say("no_match")}</p>;
  // The tab key stops here once, at the chat in view; arrows go through the others.
  const stop = items.some((item) => item.id === chat.value) ? chat.value : items[0]?.id;
  return (
    <ul ref={list} class="chats-list" onKeyDown={(event) => arrows(event, list.current, ".chats-line")}>
      {items.map((item) => (
        <li key={item.id} class="chats-item">
          <Line item={item} stop={item.id === stop} />
          <button
            type="button"
            tabIndex={item.id === stop ? 0 : -1}
            class="button-plain chats-edit"
            aria-label={say("edit_chat", item.name)}
            title={say("edit_chat", item.name)}
            onClick={() => {
              goTo(item.id);
              settings(item.id);
            }}
          >
            <Icon name="gear" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function goTo(id: string): void {
  openChat(id);
  view.value = "phone";
}

function Line({ item, stop }: { item: Item; stop: boolean }) {
  const { id, name, kind, sign, summary } = item;
  const person = people.value.get(id);
  const line = useRef<HTMLButtonElement>(null);
  const here = id === chat.value;
  useEffect(() => {
    if (here) line.current?.scrollIntoView({ block: "nearest" });
  }, [here]);
  return (
    <button
      ref={line}
      type="button"
      class="chats-line"
      tabIndex={stop ? 0 : -1}
      aria-current={here ? "true" : undefined}
      onClick={() => goTo(id)}
    >
      {person ? <Avatar id={id} name={name} picture={person.picture} size={42} /> : <GroupAvatar id={id} size={42} />}
      <span class="chats-words">
        <span class="chats-name">
          <b>{name}</b>
          {kind && <small>{kind}</small>}
          {sign && <small class="chats-sign">{sign}</small>}
          {summary && <time>{whenOf(summary.last.at)}</time>}
        </span>
        <span class="chats-name">
          <span class="chats-last">{lastLine(summary?.last, me.value)}</span>
          {Boolean(summary?.unread) && (
            <span class="chats-unread" aria-label={say("unread", summary?.unread ?? 0)}>
              {summary?.unread}
            </span>
          )}
        </span>
      </span>
    </button>
  );
}

function New() {
  const make = (kind: "group" | "room") =>
    openSheet(say(kind === "group" ? "add_group" : "add_room"), (close) => <NewGroup kind={kind} close={close} />);
  const begin = (act: () => void) => () => {
    view.value = "phone";
    act();
  };
  return (
    <div class="chats-new">
      <button
        type="button"
        class="button-plain"
        aria-label={say("add_user")}
        title={say("add_user")}
        onClick={begin(() => openSheet(say("add_user"), (close) => <UserForm id="" close={close} />))}
      >
        <Icon name="person" size={20} />
        <span aria-hidden="true">＋</span>
      </button>
      <button type="button" class="button-plain" aria-label={say("add_group")} title={say("add_group")} onClick={begin(() => make("group"))}>
        <Icon name="people" size={20} />
        <span aria-hidden="true">＋</span>
      </button>
    </div>
  );
}

/** The chat above or below the one in view. */
export function step(by: number): void {
  const ids = itemsNow().map((item) => item.id);
  const next = ids[(ids.indexOf(chat.value) + by + ids.length) % ids.length];
  if (next) goTo(next);
}
