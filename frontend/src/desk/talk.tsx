/** The conversation in view: who it is, what can be done, what was said, and where one writes. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { summary } from "../bubbles/summary";
import { Scroll } from "../phone/scroll";
import { Actions } from "./actions";
import { Composer } from "./composer/composer";
import { Icon } from "./icons";
import { chat, older } from "./live";
import { RowView } from "./said";
import { agentName, chatOf, current, me, now, pane, selected, writing } from "./state";
import "./talk.css";
import { itemsOfOut, rowsOf } from "./timeline";
import { say, told } from "./words";

export function Talk() {
  const one = current.value;
  const session = one?.session ?? "";
  useEffect(() => {
    if (session && !chatOf(session).loaded.value) void chat(session);
  }, [session]);
  if (!one) {
    return (
      <section class="desk-talk talk-none" aria-label={say("conversation")}>
        <Icon name="inbox" size={44} />
        <p>{say("choose_one")}</p>
        <p class="soft">{say("keys_hint")}</p>
      </section>
    );
  }
  return (
    <section class="desk-talk" aria-label={say("conversation_with", one.subject)}>
      <header class="talk-head">
        <button type="button" class="button-plain talk-back" aria-label={say("chats")} onClick={() => (pane.value = "list")}>
          <Icon name="back" />
        </button>
        <div class="talk-who">
          <h1>{one.subject || say("nameless")}</h1>
          <p>
            <i class={`state is-${one.state}`}>{told(`state_${one.state}`)}</i>
            {one.agent && <span>{agentName(one.agent)}</span>}
            {!one.reachable && <span class="is-bad">{say("unreachable")}</span>}
          </p>
        </div>
        <Actions one={one} />
      </header>
      <List key={session} session={session} />
      <Other id={one.id} />
      <Composer key={`composer ${session}`} one={one} />
    </section>
  );
}

/** A colleague who is writing here too. */
function Other({ id }: { id: string }) {
  const found = writing.value[id];
  if (!found || found.until < now.value) return null;
  return <p class="talk-other">{say("writes", agentName(found.agent))}</p>;
}

function List({ session }: { session: string }) {
  const at = chatOf(session);
  const name = me.value?.agent.name ?? "";
  const rows = useComputed(() => rowsOf([...at.items.value, ...at.outs.value.flatMap((out) => itemsOfOut(out, name))]));
  const tick = useSignal(0);
  const away = useSignal(0);
  const asking = useRef(false);
  const scroll = useMemo(() => new Scroll(() => void (tick.value += 1)), []);
  const box = useRef<HTMLDivElement>(null);
  void tick.value;
  const list = rows.value;
  const { from, to, above, below } = scroll.span(list);
  useLayoutEffect(() => {
    if (box.current) scroll.attach(box.current);
    return () => scroll.detach();
  }, []);
  useLayoutEffect(() => scroll.settle());

  const newest = list.findLast((row) => row.kind === "message" || row.kind === "note");
  const count = useRef("");
  useEffect(() => {
    const fresh = newest && count.current && newest.key !== count.current;
    if (fresh && newest.kind === "message" && newest.key.startsWith("out")) scroll.toEnd();
    else if (fresh && !scroll.stuck) away.value += 1;
    count.current = newest?.key ?? "";
  }, [newest?.key]);

  async function scrolled(): Promise<void> {
    scroll.moved();
    if (scroll.stuck) away.value = 0;
    if (box.current && box.current.scrollTop < 400 && at.more.value && !asking.current) {
      asking.current = true;
      await older(session);
      asking.current = false;
    }
  }

  return (
    <div class="talk-frame">
      <div
        ref={box}
        class="talk-list"
        role="log"
        aria-live="off"
        aria-label={say("conversation")}
        aria-busy={!at.loaded.value}
        tabIndex={0}
        onScroll={() => void scrolled()}
      >
        {at.more.value && from === 0 && (
          <button type="button" class="talk-older" onClick={() => void older(session)}>
            {say("load_older")}
          </button>
        )}
        <div style={{ height: `${above}px` }} />
        {list.slice(from, to).map((row) => (
          <RowView key={row.key} row={row} session={session} measured={scroll.measured} />
        ))}
        <div style={{ height: `${below}px` }} />
      </div>
      <Told session={session} />
      {scroll.far && (
        <button type="button" class={`talk-newest ${away.value ? "is-new" : ""}`} onClick={() => scroll.toEnd()}>
          {away.value ? say("new_words", away.value) : <span class="hidden-text">{say("to_newest")}</span>}
          <Icon name="down" size={16} />
        </button>
      )}
    </div>
  );
}

/** The rows come and go as one scrolls; what the customer says is read aloud from here. */
function Told({ session }: { session: string }) {
  const last = chatOf(session).items.value.findLast((item) => item.entry && item.side === "user");
  const words = last?.entry && selected.value ? summary(last.entry) : "";
  return (
    <p class="hidden-text" aria-live="polite">
      {words && `${current.value?.subject ?? ""}: ${words}`}
    </p>
  );
}
