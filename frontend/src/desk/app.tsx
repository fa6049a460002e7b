/** The desk: views, list, conversation, customer; on a phone one of them at a time. */

import { Component, type ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
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
import { connected, me, mine, offers, page, pane, panelOpen, selected, status } from "./state";
import { Talk } from "./talk";
import { say, type Word } from "./words";

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
      <Apart class="desk-nav">
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
  const number = offers.value.length + mine.value.filter((one) => one.unread).length;
  return number ? <b class="count count-hot">{number}</b> : null;
}

function Body() {
  switch (page.value) {
    case "monitor":
      return (
        <Apart class="desk-page">
          <Monitor />
        </Apart>
      );
    case "reports":
      return (
        <Apart class="desk-page">
          <Reports />
        </Apart>
      );
    case "admin":
      return (
        <Apart class="desk-page">
          <Admin />
        </Apart>
      );
    case "settings":
      return (
        <Apart class="desk-page">
          <Settings />
        </Apart>
      );
    default:
      return (
        <>
          <Apart class="desk-list">
            <CaseList />
          </Apart>
          <Apart class="desk-talk">
            <Talk />
          </Apart>
          <Apart class="desk-panel">
            <Panel />
          </Apart>
        </>
      );
  }
}

/** What goes wrong in one area does not take the others with it. */
class Apart extends Component<{ class: string; children: ComponentChildren }, { trouble: string }> {
  override state = { trouble: "" };

  static override getDerivedStateFromError(error: unknown): { trouble: string } {
    console.error(error);
    return { trouble: String(error) };
  }

  override render() {
    const { trouble } = this.state;
    if (!trouble) return this.props.children;
    return (
      <section class={`${this.props.class} broken`} role="alert">
        <p>{say("broken")}</p>
        <code>{trouble}</code>
        <button type="button" class="button" onClick={() => this.setState({ trouble: "" })}>
          {say("show_again")}
        </button>
      </section>
    );
  }
}
