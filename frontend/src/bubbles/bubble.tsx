/** What every message looks like in the chat. Who said it, when, and whether it was read are the phone's to draw. */

import { Component } from "preact";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { post } from "../api";
import type { Entry } from "../shapes";
import { me } from "../state";
import "./bubbles.css";
import { Coupon } from "./coupon";
import { Flex } from "./flex/flex";
import { Imagemap } from "./imagemap";
import { Audio, File, Photos, Video } from "./media";
import { Place } from "./place";
import { Quote } from "./quote";
import { record, text } from "./read";
import { Sticker } from "./sticker";
import { Taps, tapping } from "./taps";
import { Template } from "./template";
import "./templates.css";
import { Text } from "./text";
import { Unknown } from "./unknown";
import { say } from "./words";

export { summary } from "./summary";

export interface Doing {
  /** Tap the button with this index of the entry; pickers and uploads are asked for by the phone itself. */
  tap: (entry: Entry, index: number) => void;
  /** A video with a trackingId was watched to its end. Left out, the simulator is told. */
  watched?: (entry: Entry) => void;
}

export interface BubbleProps {
  entry: Entry;
  doing: Doing;
  /** Whether it stands on the right. Left out: it was written by the person whose phone this is. */
  mine?: boolean;
}

export function Bubble({ entry, doing, mine }: BubbleProps) {
  const own = mine ?? (entry.who !== "bot" && (entry.who === me.value || entry.who === entry.chat));
  return (
    <div class={`bubble ${own ? "is-mine" : "is-theirs"} ${wide(entry) ? "is-wide" : ""}`}>
      <Guard entry={entry} key={`${entry.id} ${entry.rev}`}>
        <Tappable entry={entry} doing={doing} />
      </Guard>
    </div>
  );
}

function Tappable({ entry, doing }: { entry: Entry; doing: Doing }) {
  const taps = useMemo(
    () => tapping(entry.who === "bot" ? entry.message : {}, (index) => doing.tap(entry, index)),
    [entry, doing],
  );
  return (
    <Taps.Provider value={taps}>
      <Content entry={entry} doing={doing} />
    </Taps.Provider>
  );
}

/** Cards side by side use the whole width of the chat, as in LINE's app. */
export function wide(entry: Entry): boolean {
  const { message } = entry;
  if (entry.state === "unsent") return false;
  const inner = record(message.type === "flex" ? message.contents : message.type === "template" ? message.template : null);
  return ["carousel", "image_carousel"].includes(text(inner.type));
}

const watchedByDefault = (entry: Entry): void => {
  post(`/messages/${encodeURIComponent(entry.id)}/watch`).catch((problem: unknown) => console.warn(problem));
};

function Content({ entry, doing }: { entry: Entry; doing: Doing }) {
  const { message } = entry;
  if (entry.state === "unsent") return <div class="bubble-note">{say("unsent")}</div>;
  switch (message.type) {
    case "text":
    case "textV2":
      return (
        <div class="bubble-text">
          {entry.quoted && <Quote id={entry.quoted} />}
          <Text message={message} />
          {entry.state === "edited" && <small class="bubble-edited">{say("edited")}</small>}
        </div>
      );
    case "sticker":
      return (
        <>
          {entry.quoted && (
            <div class="bubble-text">
              <Quote id={entry.quoted} />
            </div>
          )}
          <Sticker message={message} />
        </>
      );
    case "image":
      return <Photos entry={entry} />;
    case "video":
      return <Video entry={entry} watched={doing.watched ?? watchedByDefault} />;
    case "audio":
      return <Audio entry={entry} />;
    case "file":
      return <File entry={entry} />;
    case "location":
      return <Place message={message} />;
    case "imagemap":
      return <Imagemap message={message} />;
    case "template":
      return <Template message={message} />;
    case "flex":
      return <Flex message={message} />;
    case "coupon":
      return <Coupon message={message} />;
    case "note":
      return <div class="bubble-note">{text(message.text)}</div>;
    default:
      return <Unknown message={message} />;
  }
}

/** A message that cannot be drawn is shown as it came; the others stay. */
class Guard extends Component<{ entry: Entry; children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render() {
    if (this.state.broken) return <Unknown message={this.props.entry.message} title={say("broken")} />;
    return this.props.children;
  }
}
