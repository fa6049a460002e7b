/** The desk: views, list, conversation, customer; on a phone one of them at a time. */

import { useEffect, useRef } from "preact/hooks";
import { Apart } from "../apart";
import { Toasts, toasts } from "../toasts";
import { Admin } from "./admin/admin";
import { Monitor } from "./admin/monitor";
import { Reports } from "./admin/reports";
import { Settings } from "./admin/settings";
import "./desk.css";
import { Dialogs } from "./dialogs";
import { Door } from "./door";
import { Icon, type IconName } from "./icons";
import { CaseList } from "./list";
import { Nav } from "./nav";
import { Offers } from "./offers";
import { Panel } from "./panel";
import { connected, me, offers, page, pane, panelOpen, selected, silent, status } from "./state";
import { unreadChats } from "./seen";
import { Talk } from "./talk";
import { clock, say, type Word } from "./words";

export function App() {
  return (
    <>
      {me.value ? <Desk /> : <Door />}
      <Above />
    </>
  );
}

/** Notes stand above dialogs too, which lie over everything else. */
function Above() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const at = box.current;
    if (!at?.showPopover) return;
    // Always there, so that what comes into it is read aloud; anew when a dialog was opened above it.
    if (at.matches(":popover-open") && document.querySelector("dialog[open]")) at.hidePopover();
    if (!at.matches(":popover-open")) at.showPopover();
  }, [toasts.value]);
  return (
    <div ref={box} popover="manual" class="desk-above">
      <Toasts />
    </div>
  );
}

const inPlace = () => ({ broken: say("broken"), again: say("show_again") });

const TABS: readonly (readonly [typeof pane.value, IconName, Word])[] = [
  ["menu", "all", "menu"],
  ["list", "inbox", "chats"],
  ["talk", "note", "conversation"],
  ["panel", "person", "customer"],
];

function Desk() {
  return (
    <div class="desk" data-page={page.value} data-pane={pane.value} data-panel={panelOpen.value && selected.value ? "open" : "closed"}>
      {!connected.value && (
        <p class="desk-away" role="status">
          {say("away_from_server")}
        </p>
      )}
      {connected.value && silent.value.length > 0 && (
        <p class="desk-away" role="status">
          {silent.value.map((one) => say("no_answer_there", one.name, clock(one.since ?? 0), one.waiting)).join(" ")}
        </p>
      )}
      <Apart words={inPlace} class="desk-nav">
        <Nav />
      </Apart>
      <Body />
      <nav class="desk-tabs" aria-label={say("areas")}>
        {TABS.map(([to, icon, word]) => (
          <button
            key={to}
            type="button"
            aria-current={pane.value === to && page.value === "inbox" ? "page" : undefined}
            disabled={!selected.value && (to === "talk" || to === "panel")}
            onClick={() => {
              page.value = "inbox";
              pane.value = to;
            }}
          >
            <Icon name={icon} size={20} />
            {say(word)}
            {to === "list" && <Waiting />}
            {to === "menu" && <span class={`presence-dot is-${status.value}`} title={say(`is_${status.value}`)} />}
          </button>
        ))}
      </nav>
      <Offers />
      <Dialogs />
    </div>
  );
}

function Waiting() {
  const number = offers.value.length + unreadChats.value;
  return number ? <b class="count count-hot">{number}</b> : null;
}

function Body() {
  switch (page.value) {
    case "monitor":
      return (
        <Apart words={inPlace} class="desk-page">
          <Monitor />
        </Apart>
      );
    case "reports":
      return (
        <Apart words={inPlace} class="desk-page">
          <Reports />
        </Apart>
      );
    case "admin":
      return (
        <Apart words={inPlace} class="desk-page">
          <Admin />
        </Apart>
      );
    case "settings":
      return (
        <Apart words={inPlace} class="desk-page">
          <Settings />
        </Apart>
      );
    default:
      return (
        <>
          <Apart words={inPlace} class="desk-list">
            <CaseList />
          </Apart>
          <Apart words={inPlace} class="desk-talk">
            <Talk />
          </Apart>
          <Apart words={inPlace} class="desk-panel">
            <Panel />
          </Apart>
        </>
      );
  }
}

