/** The chat itself: a long list of which only what is near the view stands in the page. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { summary } from "../bubbles/summary";
import type { Entry } from "../shapes";
import { bot, chat, entries, me, place, theBot } from "../state";
import { Dots } from "./dots";
import { arrows } from "./focus";
import { Icon } from "./icons";
import { rowsOf } from "./rows";
import { RowView } from "./row";
import { Scroll } from "./scroll";
import { Suggestions } from "./suggestions";
import { noteOf, voiceOf } from "./telling";
import { found, jump } from "./ui";
import { say } from "./words";

export function ChatView() {
  // Another chat is another list: nothing of the old one's heights and places holds.
  return <List key={place(bot.value, chat.value)} />;
}

function List() {
  const rows = useComputed(() => rowsOf(entries.value));
  const away = useSignal(0);
  const tick = useSignal(0);
  const scroll = useMemo(() => new Scroll(() => void (tick.value += 1)), []);
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef("");
  void tick.value;

  const list = rows.value;
  const { from, to, above, below } = scroll.span(list);
  useLayoutEffect(() => {
    if (box.current) scroll.attach(box.current);
    return () => scroll.detach();
  }, []);
  useLayoutEffect(() => scroll.settle());

  const newest = entries.value.at(-1);
  const menued = entries.value.findLast((entry) => entry.via !== "note" && entry.state !== "unsent");
  useEffect(() => {
    const known = entries.value.findIndex((entry) => entry.id === seen.current);
    const fresh = entries.value.slice(known + 1);
    const mine = fresh.some((entry) => entry.who !== "bot" && entry.via !== "note");
    if (scroll.stuck || !seen.current || mine) {
      seen.current = newest?.id ?? "";
      away.value = 0;
      if (mine) scroll.toEnd();
    } else {
      away.value = fresh.length;
    }
  }, [newest?.id]);

  const wanted = jump.value;
  useEffect(() => {
    if (!wanted) return;
    jump.value = "";
    if (!scroll.to(wanted)) return;
    found.value = wanted;
    setTimeout(() => (found.value = ""), 1500);
  }, [wanted]);

  function scrolled(): void {
    scroll.moved();
    if (scroll.stuck && newest) {
      seen.current = newest.id;
      away.value = 0;
    }
  }

  return (
    <div class="chat-frame">
      <div
        ref={box}
        class="chat"
        role="log"
        aria-live="off"
        aria-label={say("chat_with", theBot.value?.display_name ?? "")}
        tabIndex={0}
        onScroll={scrolled}
        onKeyDown={(event) => arrows(event, box.current, ".said-more")}
      >
        <div style={{ height: `${above}px` }} />
        {list.slice(from, to).map((row) => (
          <RowView key={row.key} row={row} measured={scroll.measured} newest={row.key === menued?.id} />
        ))}
        <div style={{ height: `${below}px` }} />
        <Dots />
        <Suggestions />
      </div>
      <Told />
      {scroll.far && (
        <button
          type="button"
          class={away.value ? "chat-pill chat-pill-new" : "chat-pill"}
          aria-label={away.value ? say("new_messages", away.value) : say("newest")}
          onClick={() => scroll.toEnd()}
        >
          {away.value > 0 && <span>{say("new_messages", away.value)}</span>}
          <Icon name="down" size={18} />
        </button>
      )}
    </div>
  );
}

/** The rows come and go as one scrolls, which nobody wants read aloud; so what is new is told here. */
function Told() {
  const last = entries.value.at(-1);
  const words = !last ? "" : last.via === "note" || last.state === "unsent" ? noteOf(last, me.value) : spoken(last);
  return (
    <p class="hidden-text" aria-live="polite">
      {words}
    </p>
  );
}

const spoken = (entry: Entry): string =>
  entry.who === me.value ? "" : `${voiceOf(entry).name}: ${summary(entry)}`;
