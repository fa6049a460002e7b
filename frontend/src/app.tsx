import { Apart } from "./apart";
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

const inPlace = () => ({ broken: say("broken"), again: say("again") });

const AREAS = ["chats", "phone", "inspector"] as const;
const SIGNS = { chats: "all", phone: "phone", inspector: "search" } as const;

export function App() {
  return (
    <div class="page">
      <TopBar />
      <main class="bench" data-view={view.value}>
        <Apart words={inPlace} class="chats">
          <ChatList />
        </Apart>
        <Apart words={inPlace} class="phone">
          <Phone />
        </Apart>
        <Apart words={inPlace} class="inspector">
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
