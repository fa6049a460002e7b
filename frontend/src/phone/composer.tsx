/** Where the person writes. Enter sends, Shift+Enter breaks the line; Enter that ends a conversion does neither. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { summary } from "../bubbles/summary";
import { chat, connected, entries, me, menu, people, theGroup } from "../state";
import { toast } from "../toasts";
import { edit as change, send, sendFiles } from "./acts";
import { EMOJI } from "./emoji";
import { Icon } from "./icons";
import { edit } from "./menu";
import { Mentions, namesFor } from "./mentions";
import { voiceOf } from "./telling";
import { caretTo, draft, editing, focusText, panel, quoting, typing, unfolded, write } from "./ui";
import { say } from "./words";
import { emojiIn, mentionAt, mentionsIn, type Mention } from "./written";

/** Send what is written, or put it in place of the message being edited. The text stays if that fails. */
async function submit(): Promise<void> {
  const { text, mentions } = draft();
  if (!text.trim()) return;
  if (!connected.value) return toast(say("not_connected"), "bad");
  const id = editing.value;
  const placed = mentionsIn(text, mentions);
  const emojis = emojiIn(text, EMOJI);
  const body = { text, ...(placed.length && { mention: placed }), ...(emojis.length && { emojis }) };
  // The field is free at once: who types fast must not lose letters to a slow answer.
  write("", []);
  editing.value = "";
  const done = id ? await change(id, body) : await send({ type: "text", ...body });
  if (!done && !draft().text) {
    write(text, mentions);
    editing.value = id;
  }
}

function editLast(): boolean {
  const own = entries.value.findLast((e) => e.who === me.value && e.message.type === "text" && e.state !== "unsent" && e.via === "user");
  if (!own || !chat.value.startsWith("C")) return false;
  edit(own.id, String(own.message.text));
  return true;
}

export function Composer() {
  if (menu.value && !typing.value) return null;
  return (
    <div class="composer">
      <WriteAs />
      <About />
      <Field />
    </div>
  );
}

function Field() {
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const { text, mentions } = draft();
  useLayoutEffect(() => grow(field.current), [text, chat.value]);
  const wanted = caretTo.value;
  useLayoutEffect(() => {
    if (wanted === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(wanted, wanted);
    caretTo.value = null;
  }, [wanted]);
  const asked = theGroup.value ? mentionAt(text, caret) : null;
  const names = asked ? namesFor(asked.word) : [];

  function keyed(event: KeyboardEvent): void {
    // Safari ends a conversion with a key that only its code gives away.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const first = names[0];
      if (asked?.word && first) insert(first);
      else void submit();
    } else if (event.key === "Escape" && (quoting.value || editing.value)) {
      if (editing.value) write("", []);
      quoting.value = editing.value = "";
    } else if (event.key === "ArrowUp" && !text && editLast()) {
      event.preventDefault();
    }
  }

  function insert(mention: Mention): void {
    const from = asked?.from ?? caret;
    const next = `${text.slice(0, from)}@${mention.name} ${text.slice(caret)}`;
    write(next, [...mentions, mention]);
    setCaret(from + mention.name.length + 2);
    focusText(from + mention.name.length + 2);
  }

  return (
    <>
      {names.length > 0 && <Mentions names={names} choose={insert} />}
      <div class="composer-line">
        {menu.value && (
          <Tool icon="all" label={say("to_menu")} act={() => ((typing.value = false), (unfolded.value = true), (panel.value = ""))} />
        )}
        <Tool icon="plus" label={say("attach")} on={panel.value === "attach"} act={() => toggle("attach")} />
        <div class="composer-field">
          <textarea
            ref={field}
            class="composer-text"
            rows={1}
            value={text}
            placeholder={say("write")}
            aria-label={say("write_label")}
            enterkeyhint="send"
            onInput={(event) => {
              write(event.currentTarget.value);
              setCaret(event.currentTarget.selectionStart);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
            onKeyDown={keyed}
            onPaste={(event) => {
              const files = [...(event.clipboardData?.files ?? [])];
              if (!files.length) return;
              event.preventDefault();
              void sendFiles(files);
            }}
          />
          <Tool icon="smile" label={say("stickers")} on={panel.value === "stickers"} act={() => toggle("stickers")} />
        </div>
        <button type="button" class="composer-send" aria-label={say("send")} disabled={!text.trim()} onClick={() => void submit()}>
          <Icon name="send" />
        </button>
      </div>
    </>
  );
}

/** As high as its text, up to five lines. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 116)}px`;
}

function toggle(which: "attach" | "stickers"): void {
  panel.value = panel.value === which ? "" : which;
}

interface ToolProps {
  icon: Parameters<typeof Icon>[0]["name"];
  label: string;
  on?: boolean;
  act: () => void;
}

function Tool({ icon, label, on, act }: ToolProps) {
  return (
    <button type="button" class="button-plain" aria-label={label} title={label} aria-expanded={on} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

/** In a group: whose phone this is. */
function WriteAs() {
  const group = theGroup.value;
  if (!group) return null;
  if (!group.members.length) return <p class="composer-about">{say("nobody_in")}</p>;
  return (
    <label class="composer-about">
      {say("write_as")}
      <select value={me.value} onChange={(event) => (me.value = event.currentTarget.value)}>
        {group.members.map((id) => (
          <option key={id} value={id}>
            {people.value.get(id)?.name ?? id}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The message that is being quoted or edited. */
function About() {
  const id = quoting.value || editing.value;
  const entry = id ? entries.value.find((one) => one.id === id) : undefined;
  if (!entry) return null;
  return (
    <p class="composer-about">
      <span>
        <b>{editing.value ? say("editing") : say("replying", voiceOf(entry).name)}</b> {summary(entry)}
      </span>
      <button
        type="button"
        class="button-plain"
        aria-label={say("cancel")}
        onClick={() => {
          if (editing.value) write("", []);
          quoting.value = editing.value = "";
        }}
      >
        <Icon name="close" size={16} />
      </button>
    </p>
  );
}
