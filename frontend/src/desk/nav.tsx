/** The left edge: whether I am there, the views with their counts, and the other pages. */

import { useRef } from "preact/hooks";
import { presence } from "./acts";
import { keyOf, type View } from "./cases";
import { Icon, type IconName } from "./icons";
import { show } from "./live";
import type { Status } from "./shapes";
import { allowed, chime } from "./sound";
import { accustom, counts, habits, leads, me, over, page, pane, saved, status, view, type Page } from "./state";
import { say, type Word } from "./words";
import { nextTheme, theme } from "../theme";

export const STATUSES: readonly Status[] = ["online", "away", "busy", "offline"];

export function Presence() {
  return (
    <label class={`presence is-${status.value}`}>
      <span class="presence-dot" aria-hidden="true" />
      <span class="hidden-text">{say("presence")}</span>
      <select value={status.value} onChange={(event) => void presence(event.currentTarget.value as Status)}>
        {STATUSES.map((one) => (
          <option key={one} value={one}>
            {say(`is_${one}` as Word)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Nav() {
  const found = me.value;
  if (!found) return null;
  const own = found.queues.filter((queue) => queue.mine);
  const amount = counts.value;
  return (
    <nav class="desk-nav" aria-label={say("views")}>
      <header class="nav-head">
        <img src="./icon.svg" alt="" width="24" height="24" />
        <span class="nav-me">{found.agent.name}</span>
        <Presence />
      </header>
      <button type="button" class="nav-command" onClick={() => (over.value = "palette")}>
        <Icon name="search" size={16} />
        <span>{say("commands")}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div class="nav-views">
        <Go view={{ kind: "mine" }} icon="inbox" label={say("mine")} count={amount.mine} />
        <Go view={{ kind: "offers" }} icon="bell" label={say("offers")} count={amount.offers} hot />
        <Go view={{ kind: "waiting" }} icon="clock" label={say("waiting")} count={amount.waiting} />
        <h2>{say("queues")}</h2>
        {own.map((queue) => (
          <Go
            key={queue.id}
            view={{ kind: "queue", queue: queue.id }}
            icon="queue"
            label={queue.title}
            count={amount.queue[queue.id] ?? 0}
          />
        ))}
        {own.length === 0 && <p class="nav-none">{say("no_queues")}</p>}
        <h2>{say("more_views")}</h2>
        <Go view={{ kind: "all" }} icon="all" label={say("all")} count={amount.all} />
        <Go view={{ kind: "offline" }} icon="letter" label={say("left_messages")} count={amount.offline} />
        <Go view={{ kind: "closed" }} icon="done" label={say("closed")} />
        <Go view={{ kind: "bot" }} icon="bot" label={say("bots_chats")} count={amount.bot} />
        {saved.value.map((one) => (
          <Go key={one.id} view={{ kind: "saved", id: one.id, title: one.title, filter: one.filter ?? {} }} icon="list" label={one.title} />
        ))}
      </div>
      <div class="nav-pages">
        {leads.value && <To to="monitor" icon="eye" label={say("monitor")} />}
        {leads.value && <To to="reports" icon="chart" label={say("reports")} />}
        {leads.value && <To to="admin" icon="people" label={say("administration")} />}
        <To to="settings" icon="gear" label={say("settings")} />
        <div class="nav-small">
          <button type="button" class="button-plain" title={say("help")} aria-label={say("help")} onClick={() => (over.value = "help")}>
            <Icon name="help" />
          </button>
          <Sound />
          <button type="button" class="button-plain" title={say("theme")} aria-label={say("theme")} onClick={nextTheme}>
            <Icon name={theme.value === "auto" ? "auto" : theme.value === "dark" ? "moon" : "sun"} />
          </button>
        </div>
      </div>
    </nav>
  );
}

/** Whether offers and words are heard; browsers are silent until the page was touched once. */
function Sound() {
  const { sound } = habits.value;
  const blocked = useRef(false);
  const word = say(!sound ? "sound_off" : allowed.value ? "sound_on" : "sound_blocked");
  return (
    <button
      type="button"
      class={`button-plain ${sound && !allowed.value ? "is-blocked" : ""}`}
      title={word}
      aria-label={word}
      aria-pressed={sound}
      // The click itself ends the silence; it is not meant to switch off what it has just let be heard.
      onPointerDown={() => (blocked.current = sound && !allowed.value)}
      onClick={() => {
        if (!blocked.current) accustom({ sound: !sound });
        blocked.current = false;
        chime(false);
      }}
    >
      <Icon name={sound && allowed.value ? "sound" : "mute"} />
    </button>
  );
}

interface GoProps {
  view: View;
  icon: IconName;
  label: string;
  count?: number | undefined;
  hot?: boolean;
}

function Go({ view: to, icon, label, count = 0, hot = false }: GoProps) {
  const here = page.value === "inbox" && keyOf(view.value) === keyOf(to);
  return (
    <button type="button" class="nav-go" title={label} aria-current={here ? "page" : undefined} onClick={() => show(to)}>
      <Icon name={icon} size={17} />
      <span>{label}</span>
      {count > 0 && <b class={`count ${hot ? "count-hot" : ""}`}>{count}</b>}
    </button>
  );
}

function To({ to, icon, label }: { to: Page; icon: IconName; label: string }) {
  return (
    <button
      type="button"
      class="nav-go"
      title={label}
      aria-current={page.value === to ? "page" : undefined}
      onClick={() => {
        page.value = to;
        pane.value = "talk";
      }}
    >
      <Icon name={icon} size={17} />
      <span>{label}</span>
    </button>
  );
}
