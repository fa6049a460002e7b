/** One row of a chat: a day, a line of the app, or a message with name, time and read mark. */

import { useMemo } from "preact/hooks";
import { Bubble, summary, wide } from "../bubbles/bubble";
import type { Entry } from "../shapes";
import { entries, me, picked, read, theBot, theGroup } from "../state";
import { Avatar } from "./avatar";
import { doing } from "./doing";
import { Icon } from "./icons";
import { pointAt, pressing } from "./pointing";
import type { Row } from "./rows";
import { dayName, noteOf, timeOf, voiceOf } from "./telling";
import { altShown, found, jump, pointed } from "./ui";
import { say } from "./words";

interface Props {
  row: Row;
  /** Of the menus of messages, the tab key stops at that of the newest; arrows go to the others. */
  newest: boolean;
  measured: (key: string) => (element: HTMLElement | null) => void | (() => void);
}

export function RowView({ row, measured, newest }: Props) {
  const ref = useMemo(() => measured(row.key), [row.key]);
  return (
    <div ref={ref} class="row">
      {row.kind === "day" && (
        <p class="day">
          <span>{dayName(row.at)}</span>
        </p>
      )}
      {row.kind === "note" && (
        <p class="note" data-id={row.entry.id}>
          <span>{noteOf(row.entry, me.value)}</span>
        </p>
      )}
      {row.kind === "message" && <Said {...row} newest={newest} />}
    </div>
  );
}

interface Spoken {
  entry: Entry;
  first: boolean;
  last: boolean;
  newest: boolean;
}

function Said({ entry, first, last, newest }: Spoken) {
  const mine = entry.who === me.value;
  const voice = voiceOf(entry);
  // The bubble is drawn again only when its entry changed: a large Flex message is costly.
  const bubble = useMemo(() => <Bubble entry={entry} doing={doing} mine={mine} />, [entry, mine]);
  const side = `said${mine ? " said-mine" : ""}${wide(entry) ? " said-wide" : ""}`;
  return (
    <article
      class={`${side}${first ? " said-first" : ""}${picked.value === entry.id ? " said-picked" : ""}${found.value === entry.id ? " said-found" : ""}`}
      data-id={entry.id}
      data-via={entry.via}
      aria-label={`${voice.name}, ${timeOf(entry.at)}`}
      onContextMenu={(event) => pointAt(entry, event)}
      onClick={(event) => pick(event, entry)}
      {...pressing(entry)}
    >
      {!mine && (first ? <Avatar {...voice} /> : <span class="avatar-room" />)}
      <div class="said-column">
        {!mine && first && <p class="said-name">{voice.name}</p>}
        <div class="said-line">
          <div class="said-bubble">{bubble}</div>
          <Marks entry={entry} mine={mine} last={last} />
          <button
            type="button"
            class="said-more"
            tabIndex={newest ? 0 : -1}
            aria-label={say("message_menu")}
            aria-haspopup="menu"
            aria-expanded={pointed.value?.id === entry.id}
            onClick={(event) => pointAt(entry, event)}
          >
            <Icon name="more" size={16} />
          </button>
        </div>
        {altShown.value && entry.who === "bot" && <p class="said-alt">🔔 {summary(entry)}</p>}
      </div>
    </article>
  );
}

/** A click on a quote goes to what is quoted; elsewhere the inspector shows where the message comes from. */
function pick(event: MouseEvent, entry: Entry): void {
  const at = event.target as Element;
  if (at.closest(".bubble-quote") && entry.quoted) jump.value = entry.quoted;
  else if (!at.closest("button, a, input, video, audio, [data-tap]")) picked.value = entry.id;
}

/** Read mark and the time, at the foot of the bubble. */
function Marks({ entry, mine, last }: { entry: Entry; mine: boolean; last: boolean }) {
  return (
    <span class="said-marks">
      {mine && isRead(entry) && <span>{theGroup.value ? say("read_by", 1) : say("read")}</span>}
      {last && <time dateTime={new Date(entry.at).toISOString()}>{timeOf(entry.at)}</time>}
    </span>
  );
}

/**
 * With auto read, LINE marks what people write as read at once; otherwise up to the message the bot says it read.
 * https://developers.line.biz/en/docs/messaging-api/mark-as-read/
 */
function isRead(entry: Entry): boolean {
  if (theBot.value?.read_mode === "auto") return true;
  if (!read.value) return false;
  for (const one of entries.value) {
    if (one.id === entry.id) return true;
    if (one.id === read.value) return false;
  }
  return false;
}
