/** Cases offered to me, a card each: the one whose time runs out first is accepted and rejected by key. */

import { useEffect, useRef } from "preact/hooks";
import { Avatar } from "../phone/avatar";
import { accept, queueTitle, reject } from "./acts";
import { span, type Known } from "./cases";
import { lastOf } from "./lastwords";
import { agentName, now, offers } from "./state";
import { say, told } from "./words";

export function Offers() {
  const all = offers.value;
  if (!all.length) return null;
  const sorted = [...all].sort((a, b) => (a.offer?.until ?? 0) - (b.offer?.until ?? 0));
  return (
    <aside class="offers" aria-label={say("offers")} aria-live="polite">
      {sorted.map((one, index) => (
        <Card key={one.offer?.id} one={one} first={index === 0} />
      ))}
    </aside>
  );
}

function Card({ one, first }: { one: Known; first: boolean }) {
  const until = one.offer?.until ?? 0;
  const from = useRef(one.offer?.at ?? now.peek());
  const left = Math.max(0, until - now.value);
  const part = until > from.current ? left / (until - from.current) : 0;
  useEffect(() => {
    from.current = one.offer?.at ?? Math.min(from.current, now.peek());
  }, [one.offer?.id]);
  return (
    <section class={`offer ${left < 15_000 ? "is-late" : ""}`} role="alertdialog" aria-label={say("offer_of", one.subject)}>
      <header>
        <Avatar id={one.contact || one.session} name={one.subject || "?"} {...(one.picture && { picture: one.picture })} size={38} />
        <span>
          <b>{one.subject}</b>
          <small>
            {queueTitle(one.queue)}
            {one.priority !== "normal" && ` · ${told(`prio_${one.priority}`)}`}
            {one.language && ` · ${one.language}`}
          </small>
        </span>
        <time aria-label={say("time_left")}>{span(left)}</time>
      </header>
      <div class="offer-bar" aria-hidden="true">
        <i style={{ transform: `scaleX(${part})` }} />
      </div>
      {(lastOf(one) || one.labels.length > 0) && <p dir="auto">{lastOf(one) || one.labels.join(", ")}</p>}
      {one.agent && <small>{say("had_by", agentName(one.agent))}</small>}
      <footer>
        <button type="button" class="button" disabled={!left} onClick={() => void reject(one)}>
          {say("reject")} {first && <kbd>Alt R</kbd>}
        </button>
        <button type="button" class="button button-main" disabled={!left} onClick={() => void accept(one)}>
          {say("accept")} {first && <kbd>Alt A</kbd>}
        </button>
      </footer>
    </section>
  );
}
