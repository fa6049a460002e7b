/** One row of a conversation: a day, something that happened, a note among colleagues, or a message as LINE showed it. */

import { Bubble } from "../bubbles/bubble";
import { list, number, record, text } from "../bubbles/read";
import { summary } from "../bubbles/summary";
import { Avatar } from "../phone/avatar";
import { again, drop } from "./outbox";
import { queueTitle } from "./acts";
import { draft, draftOf } from "./drafts";
import { Icon } from "./icons";
import { agentName, chatOf, current, detail } from "./state";
import { labelOf, type Item, type TalkRow } from "./timeline";
import { clock, date, moment, refusal, say, told } from "./words";

interface RowProps {
  row: TalkRow;
  session: string;
  measured: (key: string) => (element: HTMLElement | null) => void | (() => void);
}

export function RowView({ row, session, measured }: RowProps) {
  return (
    <div ref={measured(row.key)} class="talk-row" data-key={row.key}>
      {row.kind === "day" ? (
        <p class="talk-day">
          <span>{date(row.at)}</span>
        </p>
      ) : row.kind === "event" ? (
        <Happened item={row.item} session={session} />
      ) : row.kind === "note" ? (
        <Note item={row.item} />
      ) : (
        <Message row={row} session={session} />
      )}
    </div>
  );
}

/** Among colleagues only: looks like no message, so that it is never taken for one. */
function Note({ item }: { item: Item }) {
  return (
    <div class="talk-note" role="note" aria-label={say("note_by", item.name || say("bot"))}>
      <header>
        <Icon name="note" size={14} />
        <b>{say("note_by", item.name || say("bot"))}</b>
        {item.data.whisper ? <i>{say("whisper")}</i> : null}
        <time>{clock(item.at)}</time>
      </header>
      <p dir="auto">{text(item.data.text)}</p>
    </div>
  );
}

function Happened({ item, session }: { item: Item; session: string }) {
  return (
    <p class={`talk-event ${["case.overdue", "case.unreachable", "case.dropped"].includes(item.type) ? "is-bad" : ""}`}>
      <span>
        {happened(item, session)} <time>{clock(item.at)}</time>
      </span>
    </p>
  );
}

function happened(item: Item, session: string): string {
  const { data, type } = item;
  const who = item.name || agentName(item.user) || say("somebody");
  switch (type) {
    case "user.postback": {
      const pressed = text(data.data);
      return say("happened.tapped", labelOf(chatOf(session).items.value, pressed) || text(data.displayText) || text(data.label) || pressed);
    }
    case "case.given":
      return data.how === "assigned" && data.agent !== item.user
        ? say("happened.assigned", who, agentName(text(data.agent)))
        : told(`happened.given_${text(data.how).replaceAll(" ", "_") || "accepted"}`, agentName(text(data.agent)) || who);
    case "case.transferred":
      return say("happened.transferred", who, text(data.agent) ? agentName(text(data.agent)) : queueTitle(text(data.queue)));
    case "case.snoozed_until":
      return say("happened.snoozed", moment(number(data.until)));
    case "offer.missed":
    case "offer.rejected":
    case "offer.withdrawn":
      return told(`happened.${type.slice(6)}`, agentName(text(data.agent)));
    case "survey.answered":
      return say("happened.rated", number(data.rating));
    case "survey.commented":
      return say("happened.commented", text(data.text));
    case "case.changed":
      return say("happened.changed", who, changes(record(data.values)));
    case "case.resolved":
    case "bot.paused":
    case "bot.resumed":
      return told(`happened.${type}`, who);
    default:
      return told(`happened.${type}`, who);
  }
}

const changes = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([key, value]) => {
      const shown = key === "priority" ? told(`prio_${text(value)}`) : Array.isArray(value) ? list(value).map(text).join(", ") : text(value);
      return `${told(key)}: ${shown || "–"}`;
    })
    .join("; ");

const noTaps = { tap: () => undefined, watched: () => undefined };

function Message({ row, session }: { row: Extract<TalkRow, { kind: "message" }>; session: string }) {
  const { item, entry } = row;
  const own = item.side !== "user";
  const person = detail.value?.members?.find((one) => one.id === item.user);
  const name = own
    ? item.side === "agent"
      ? item.name || say("agent")
      : item.name || say("bot")
    : item.name || person?.name || (current.value?.group ? item.user.slice(0, 8) : (current.value?.subject ?? ""));
  const picture = own ? "" : (person?.picture ?? detail.value?.profile.picture ?? "");
  return (
    <div class={`talk-said ${own ? "is-ours" : "is-theirs"} is-${item.side} ${row.first ? "is-first" : ""} is-${item.state}`}>
      {!own && (
        <span class="talk-face">
          {row.first && <Avatar id={item.user || entry.chat} name={name || "?"} {...(picture && { picture })} size={32} />}
        </span>
      )}
      <div class="talk-body">
        {row.first && (own || current.value?.group) && (
          <span class="talk-name">
            {item.side === "bot" && <Icon name="bot" size={13} />}
            {name}
          </span>
        )}
        <div class="talk-line">
          {entry.message.type === "file" && entry.state !== "unsent" ? <FileBox entry={entry} /> : <Bubble entry={entry} doing={noTaps} mine={own} />}
          {item.quote && item.state !== "unsent" && (
            <button
              type="button"
              class="talk-quote button-plain"
              aria-label={say("quote")}
              title={say("quote")}
              onClick={() => {
                draft(session, { quote: { id: entry.id, token: item.quote, words: summary(entry) }, note: false });
                document.getElementById("desk-words")?.focus();
              }}
            >
              <Icon name="reply" size={15} />
            </button>
          )}
        </div>
        <Quick message={entry.message} />
        {(row.last || item.state !== "sent") && <Meta item={item} own={own} session={session} />}
      </div>
    </div>
  );
}

/** The buttons that stood under the message; nobody here can tap them. */
function Quick({ message }: { message: Readonly<Record<string, unknown>> }) {
  const items = list(record(message.quickReply).items).map((one) => text(record(record(one).action).label)).filter(Boolean);
  if (!items.length) return null;
  return (
    <div class="talk-quick" aria-label={say("quick_replies")}>
      {items.map((label, index) => (
        <span key={index}>{label}</span>
      ))}
    </div>
  );
}

function FileBox({ entry }: { entry: { message: Readonly<Record<string, unknown>> } }) {
  const { message } = entry;
  const url = text(message.url);
  const name = text(message.fileName) || say("file");
  const inner = (
    <>
      <Icon name="file" size={26} />
      <span>
        <b>{name}</b>
        <small>{sizeOf(number(message.fileSize))}</small>
      </span>
    </>
  );
  if (!url.startsWith("/desk/api/")) return <span class="talk-file">{inner}</span>;
  return (
    <a class="talk-file" href={`${url}${url.includes("?") ? "&" : "?"}name=${encodeURIComponent(name)}`} download={name}>
      {inner}
    </a>
  );
}

export const sizeOf = (bytes: number): string =>
  !bytes ? "" : bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;

/** What became of a message: never whether it was read, which LINE tells nobody. */
function Meta({ item, own, session }: { item: Item; own: boolean; session: string }) {
  if (!own) return <span class="talk-meta">{clock(item.at)}</span>;
  const out = item.key.startsWith("out") ? chatOf(session).outs.value.find((one) => one.id === item.event) : undefined;
  const how =
    item.state === "sent"
      ? item.via === "reply"
        ? say("sent_free")
        : item.via
          ? say("sent_billed", item.billed)
          : say("sent")
      : told(`delivery_${item.state}`);
  return (
    <span class={`talk-meta is-${item.state}`}>
      {how}
      {item.state === "failed" && item.detail && <b>: {refusal(item.detail)}</b>} · {clock(item.at)}
      {out?.state === "failed" && (
        <span class="talk-failed">
          <button type="button" onClick={() => again(out)}>
            {say("send_again")}
          </button>
          <button
            type="button"
            onClick={() => {
              const words = out.said.map((one) => one.text ?? "").filter(Boolean).join("\n");
              const before = draftOf(session).text;
              draft(session, { text: before ? `${words}\n${before}` : words });
              drop(out);
            }}
          >
            {say("edit")}
          </button>
          <button type="button" onClick={() => drop(out)}>
            {say("throw_away")}
          </button>
        </span>
      )}
    </span>
  );
}
