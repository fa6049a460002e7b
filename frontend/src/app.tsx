import { Component, type ComponentChildren } from "preact";
import { Inspector } from "./inspector/inspector";
import { Overlay } from "./inspector/overlay";
import { Icon } from "./phone/icons";
import { ChatList } from "./phone/list";
import { Phone } from "./phone/phone";
import { TopBar } from "./phone/topbar";
import { view } from "./state";
import { Toasts } from "./toasts";
import { say } from "./words/page";
import "./app.css";

const AREAS = ["chats", "phone", "inspector"] as const;
const SIGNS = { chats: "list", phone: "phone", inspector: "search" } as const;

/** What goes wrong in one area does not take the others with it. */
class Apart extends Component<{ class: string; children: ComponentChildren }, { trouble: string }> {
  override state = { trouble: "" };

  static override getDerivedStateFromError(error: unknown): { trouble: string } {
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
          {say("again")}
        </button>
      </section>
    );
  }
}

export function App() {
  return (
    <div class="page">
      <TopBar />
      <main class="bench" data-view={view.value}>
        <Apart class="chats">
          <ChatList />
        </Apart>
        <Apart class="phone">
          <Phone />
        </Apart>
        <Apart class="inspector">
          <Inspector />
        </Apart>
      </main>
      <nav class="areas" aria-label={say("areas")}>
        {AREAS.map((area) => (
          <button
            key={area}
            type="button"
            aria-current={view.value === area ? "page" : undefined}
            onClick={() => (view.value = area)}
          >
            <Icon name={SIGNS[area]} />
            {say(area)}
          </button>
        ))}
      </nav>
      <Toasts />
      <Overlay />
    </div>
  );
}
