/** Where an agent writes: to the customer, or as a note to colleagues, which looks different throughout. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { toast } from "../../toasts";
import { accept, act, chatAct, claim, isMine, reject, taking, typing } from "../acts";
import { WAITS, type Known } from "../cases";
import { draft, draftOf } from "../drafts";
import { Icon } from "../icons";
import { send } from "../outbox";
import type { Canned, Said } from "../shapes";
import { agents, habits, leads, me, myId, toWrite } from "../state";
import { LONGEST, split } from "../timeline";
import { say } from "../words";
import { CannedList, found } from "./canned";
import "./composer.css";
import { Cost } from "./cost";
import { bring, dragged, Files, pasted, saidOf, take, waiting } from "./files";
import { EmojiPalette, StickerPalette } from "./palettes";
import { Choices, choices, MOST as CHOICES } from "./quick";

type Palette = "" | "emoji" | "sticker" | "canned" | "quick";
const MOST = 5;
/** Whether somebody writes in another field, such as the search. */
const elsewhere = (): boolean => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "") && document.activeElement?.id !== "desk-words";
const narrow = matchMedia("(max-width: 899px)");

export function Composer({ one }: { one: Known }) {
  if (one.state === "closed") return <Over one={one} />;
  if (one.state === "wrap_up") return <Over one={one} />;
  if (!taking.value.has(one.id) && (one.state === "offline" || WAITS.includes(one.state))) return <Free one={one} />;
  return <Writing one={one} />;
}

/** Nobody can write any more; what is left to do. */
function Over({ one }: { one: Known }) {
  return (
    <footer class="composer composer-over">
      <p>{say(one.state === "wrap_up" ? "wrap_up_now" : "is_over")}</p>
      {one.state === "wrap_up" && <Notes one={one} />}
      {one.state === "wrap_up" && isMine(one) && (
        <button type="button" class="button button-main" onClick={() => void act(one.id, "done")}>
          {say("done")}
        </button>
      )}
      {one.state === "closed" && (
        <button type="button" class="button" onClick={() => void chatAct(one.session, "take_over")}>
          {say("write_again")}
        </button>
      )}
    </footer>
  );
}

/** After the end there are only notes to write. */
function Notes({ one }: { one: Known }) {
  const { text } = draftOf(one.session);
  const add = async (): Promise<void> => {
    draft(one.session, { text: "", note: false });
    if (!(await act(one.id, "note", { text: text.trim(), mentions: [] }))) draft(one.session, { text, note: true });
  };
  return (
    <div class="composer-row composer-notes">
      <textarea
        rows={2}
        value={text}
        aria-label={say("note")}
        placeholder={say("note_only")}
        // Whatever becomes of the case, a note begun never stands where one writes to the customer.
        onInput={(event) => draft(one.session, { text: event.currentTarget.value, note: true })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !text.trim()) return;
          event.preventDefault();
          void add();
        }}
      />
      <button type="button" class="button" disabled={!text.trim()} onClick={() => void add()}>
        {say("add_note")}
      </button>
    </div>
  );
}

/** It waits for somebody, or for the answer of the one it is offered to. */
function Free({ one }: { one: Known }) {
  const offered = one.offer?.agent === myId.value;
  return (
    <footer class="composer composer-over">
      <p>{say(offered ? "offer_for_you" : "nobody_has_it")}</p>
      {offered && (
        <button type="button" class="button" onClick={() => void reject(one)}>
          {say("reject")}
        </button>
      )}
      <button type="button" class="button button-main" onClick={() => void (offered ? accept(one) : claim(one.id))}>
        {say(offered ? "accept" : "take")} <kbd>{offered ? "Alt A" : "c"}</kbd>
      </button>
    </footer>
  );
}

function Writing({ one }: { one: Known }) {
  const { session } = one;
  const now = draftOf(session);
  const note = now.note || (!isMine(one) && !leads.value);
  const palette = useSignal<Palette>("");
  const over = useSignal(false);
  const join = useSignal(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const mine = isMine(one);
  const parts = note ? [now.text] : split(now.text);
  const slash = !note && /^\/\S*$/.test(now.text);

  useLayoutEffect(() => {
    const at = field.current;
    if (!at) return;
    at.style.height = "auto";
    at.style.height = `${Math.min(at.scrollHeight + 2, 220)}px`;
  }, [now.text, note]);
  // At once, not after the page was painted: words typed meanwhile would go nowhere, or do something as keys.
  useLayoutEffect(() => {
    if (narrow.matches || !toWrite.now || elsewhere()) return;
    field.current?.focus({ preventScroll: true });
  }, []);

  function insert(words: string): void {
    const at = field.current;
    const [from, to] = [at?.selectionStart ?? now.text.length, at?.selectionEnd ?? now.text.length];
    const text = draftOf(session).text;
    draft(session, { text: text.slice(0, from) + words + text.slice(to) });
    requestAnimationFrame(() => {
      at?.focus();
      at?.setSelectionRange(from + words.length, from + words.length);
    });
  }

  /** A ready-made reply: its words stand in the field, what it brings along above it, until they are sent together. */
  function use(text: string, one: Canned): void {
    if (slash || !draftOf(session).text) draft(session, { text });
    else insert(text);
    palette.value = "";
    bring(session, one.messages ?? []);
    choices(session).value = [...new Set([...choices(session).value, ...(one.quick ?? [])])].slice(0, CHOICES);
    field.current?.focus();
  }

  function say5(said: Said[]): void {
    if (!mine && !leads.value) return;
    const quote = draftOf(session).quote;
    for (let at = 0; at < said.length; at += MOST) {
      send({ session, case: one.id, said: said.slice(at, at + MOST), ...(at === 0 && quote && { quote }), join: !mine });
    }
    if (quote) clearQuote();
  }

  const clearQuote = (): void => draft(session, { quote: undefined });

  async function go(): Promise<void> {
    const text = draftOf(session).text.trim();
    if (note) {
      if (!text) return;
      const named = agents.value.filter((agent) => text.includes(`@${agent.name}`)).map((agent) => agent.id);
      draft(session, { text: "" });
      if (!(await act(one.id, "note", { text, mentions: named }))) draft(session, { text, note: true });
      return;
    }
    if (!mine && !join.value && leads.value) {
      join.value = true;
      toast(say("join_asked", one.subject));
      return;
    }
    const files = waiting(session).value.filter((file) => file.state === "ready");
    if (waiting(session).value.some((file) => file.state === "sending")) {
      toast(say("file_on_its_way"));
      return;
    }
    const quick = choices(session).value;
    const said: Said[] = [
      ...files.map(saidOf),
      ...split(text).map((words): Said => ({ kind: "text", text: words })),
    ];
    const last = said.at(-1);
    if (!last) return;
    if (quick.length) last.quick = quick.map((label) => ({ label, text: label }));
    say5(said);
    draft(session, { text: "" });
    waiting(session).value = waiting(session).value.filter((file) => file.state === "failed");
    choices(session).value = [];
    palette.value = "";
    join.value = false;
  }

  function pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (slash || palette.value === "canned") {
      if (found.keys(event, use)) return;
    }
    const plain = !event.shiftKey && !event.altKey;
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && (held || (habits.value.enter && plain))) {
      event.preventDefault();
      void go();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (palette.value) palette.value = "";
      else field.current?.blur();
    } else if (event.key === "Tab" && note && mention(event)) return;
  }

  /** `@ta` + Tab: the colleague whose name begins so. */
  function mention(event: KeyboardEvent): boolean {
    const at = field.current?.selectionStart ?? 0;
    const begun = /@([^\s@]*)$/.exec(now.text.slice(0, at));
    const who = begun && agents.value.find((one) => one.name.toLowerCase().startsWith((begun[1] ?? "").toLowerCase()));
    if (!begun || !who) return false;
    event.preventDefault();
    draft(session, { text: `${now.text.slice(0, begun.index)}@${who.name} ${now.text.slice(at)}` });
    return true;
  }

  const toggle = (which: Palette): void => void (palette.value = palette.value === which ? "" : which);
  const kinds = me.value?.workstreams.find((stream) => stream.id === one.workstream)?.types?.join(", ");
  const names = note ? agents.value.filter((one) => one.id !== me.value?.agent.id) : [];

  return (
    <footer
      class={`composer ${note ? "is-note" : ""} ${over.value ? "is-over" : ""}`}
      onDragOver={(event) => {
        if (!dragged(event) || note) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        if (event.dataTransfer) void take(session, [...event.dataTransfer.files]);
      }}
    >
      <div class="composer-modes" role="tablist" aria-label={say("write_as")}>
        <button type="button" role="tab" aria-selected={!note} disabled={!mine && !leads.value} onClick={() => draft(session, { note: false })}>
          {say("to_customer")}
        </button>
        <button type="button" role="tab" aria-selected={note} onClick={() => draft(session, { note: true })}>
          <Icon name="note" size={14} />
          {say("note")} <kbd>Alt N</kbd>
        </button>
        {note ? <span class="composer-only">{say("note_only")}</span> : <Cost one={one} text={now.text} parts={parts.length} />}
      </div>
      {!mine && leads.value && !note && <p class="composer-join">{say("join_hint", one.subject)}</p>}
      {now.quote && !note && (
        <div class="composer-quote">
          <Icon name="reply" size={14} />
          <span>{now.quote.words}</span>
          <button type="button" class="button-plain" aria-label={say("remove_quote")} onClick={clearQuote}>
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
      {!note && <Files session={session} />}
      {!note && (slash || palette.value === "canned") && (
        <CannedList one={one} typed={slash ? now.text.slice(1) : ""} use={use} close={() => (palette.value = "")} />
      )}
      {palette.value === "emoji" && <EmojiPalette use={insert} />}
      {palette.value === "sticker" && !note && (
        <StickerPalette
          use={(sticker) => {
            say5([{ kind: "sticker", data: { package: sticker.package, sticker: sticker.sticker } }]);
            palette.value = "";
          }}
        />
      )}
      {palette.value === "quick" && !note && <Choices session={session} />}
      <div class="composer-row">
        <textarea
          id="desk-words"
          ref={field}
          rows={1}
          value={now.text}
          aria-label={say(note ? "note" : "message_to", one.subject)}
          placeholder={note ? say("note_hint") : say(narrow.matches ? "write_short" : habits.value.enter ? "write_hint_enter" : "write_hint")}
          onInput={(event) => {
            draft(session, { text: event.currentTarget.value });
            if (!note && mine && event.currentTarget.value) typing();
          }}
          onKeyDown={pressed}
          onPaste={(event) => {
            if (!note && pasted(session, event)) event.preventDefault();
          }}
        />
        <button type="button" class="button button-main composer-send" title={`${say("send")} (Ctrl Enter)`} aria-label={say(note ? "add_note" : "send")} onClick={() => void go()}>
          <Icon name={note ? "note" : "send"} />
        </button>
      </div>
      <div class="composer-tools">
        <Tool icon="slash" word="canned_replies" hint="/" on={palette.value === "canned"} disabled={note} act={() => toggle("canned")} />
        <Tool icon="smile" word="emoji" on={palette.value === "emoji"} act={() => toggle("emoji")} />
        <Tool icon="sticker" word="stickers" on={palette.value === "sticker"} disabled={note} act={() => toggle("sticker")} />
        <label class={`tool ${note ? "is-off" : ""}`} title={`${say("attach")}${kinds ? ` (${kinds})` : ""}`}>
          <Icon name="clip" />
          <span class="hidden-text">{say("attach")}</span>
          <input
            type="file"
            multiple
            disabled={note}
            onChange={(event) => {
              void take(session, [...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <Tool icon="quick" word="quick_replies" on={palette.value === "quick" || choices(session).value.length > 0} disabled={note} act={() => toggle("quick")} />
        {note &&
          names.slice(0, 6).map((agent) => (
            <button key={agent.id} type="button" class="composer-name" onClick={() => insert(`@${agent.name} `)}>
              @{agent.name}
            </button>
          ))}
        <span class={`composer-count ${now.text.length > LONGEST ? "is-much" : ""}`}>
          {!note && parts.length > 1 ? say("will_be_split", parts.length) : ""} {now.text.length > 200 ? `${now.text.length} / ${LONGEST}` : ""}
        </span>
      </div>
    </footer>
  );
}

interface ToolProps {
  icon: Parameters<typeof Icon>[0]["name"];
  word: Parameters<typeof say>[0];
  hint?: string;
  on: boolean;
  disabled?: boolean;
  act: () => void;
}

function Tool({ icon, word, hint, on, disabled = false, act }: ToolProps) {
  const label = hint ? `${say(word)} (${hint})` : say(word);
  return (
    <button type="button" class="tool" title={label} aria-label={say(word)} aria-pressed={on} disabled={disabled} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}
