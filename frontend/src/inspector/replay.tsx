/** The conversation in view, played again against the flows as they are now, beside what it was. */

import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { post } from "../api";
import { edition, key, path } from "./bench";
import { compared, differing, hunks, spoken, type Pair } from "./compare";
import { attempt, Button, Empty, Fold, Pill } from "./kit";
import type { Exchange } from "./shapes";
import { say } from "./words";

const played = signal<{ session: string; edition: number; exchanges: Exchange[] } | null>(null);

async function play(): Promise<void> {
  const session = key.value;
  const as = edition.value;
  const found = await attempt(() => post<{ exchanges: Exchange[] }>(path("/replays"), { session }));
  if (found) played.value = { session, edition: as, exchanges: found.exchanges };
}

export function Replay() {
  const [only, setOnly] = useState(false);
  const found = played.value?.session === key.value ? played.value : null;
  const different = found?.exchanges.filter((one) => !one.same) ?? [];
  return (
    <>
      <div class="insp-bar">
        <Button kind="main" disabled={!key.value} onClick={play}>
          ↻ {found ? say("replayAgain") : say("replayNow")}
        </Button>
        {found ? (
          <>
            <span aria-live="polite">
              {different.length ? (
                <b class="insp-warn">{say("differCount", different.length, found.exchanges.length)}</b>
              ) : (
                <b class="insp-good">{say("allSame", found.exchanges.length)}</b>
              )}
            </span>
            {found.edition === edition.value ? null : <Pill tone="warn">{say("filesChanged")}</Pill>}
            <span class="insp-grow" />
            <Button pressed={only} onClick={() => setOnly(!only)}>
              {say("onlyDifferent")}
            </Button>
          </>
        ) : (
          <span class="insp-soft">{say("replayHelp")}</span>
        )}
      </div>
      <div class="insp-scroll">
        {found ? (
          <>
            <div class="insp-beside insp-beside-head" aria-hidden="true">
              <b>{say("was")}</b>
              <b>{say("now")}</b>
            </div>
            {(only ? different : found.exchanges).map((one) => (
              <Beside key={one.event} one={one} />
            ))}
          </>
        ) : (
          <Empty>{say("notReplayed")}</Empty>
        )}
      </div>
    </>
  );
}

function Beside({ one }: { one: Exchange }) {
  const pairs = compared(one.was.map(spoken).join("\n"), one.now.map(spoken).join("\n"));
  const words = pairs.some((pair) => !pair.same);
  return (
    <article class={`insp-exchange ${one.same ? "" : "insp-exchange-differs"}`}>
      <p class="insp-facts">
        <b class="insp-exchange-user">{one.user}</b>
        {one.same ? <span class="insp-soft">=</span> : <Pill tone="warn">{say("differs")}</Pill>}
        {one.note ? <span class="insp-soft">{one.note}</span> : null}
      </p>
      {pairs.map((pair, index) => (
        <Row key={index} pair={pair} />
      ))}
      {one.same || !one.was_messages ? null : (
        <Fold title={say("inMessages")} open={!words}>
          {() => <Inside one={one} />}
        </Fold>
      )}
    </article>
  );
}

/** Where the messages differ beside their words: buttons, pictures, senders. */
function Inside({ one }: { one: Exchange }) {
  const [was, now] = [one.was_messages, one.now_messages].map((messages) => JSON.stringify(messages ?? [], null, 2));
  return (
    <div class="insp-mono">
      {hunks(compared(was ?? "", now ?? "")).map((part, index) =>
        typeof part === "number" ? (
          <p key={index} class="insp-soft insp-gap">
            {say("sameLines", part)}
          </p>
        ) : (
          <Row key={index} pair={part} />
        ),
      )}
    </div>
  );
}

function Row({ pair }: { pair: Pair }) {
  return (
    <div class="insp-beside">
      <Side pair={pair} side="was" />
      <Side pair={pair} side="now" />
    </div>
  );
}

/** One line of one side; the part in which it differs from the other one is marked. */
function Side({ pair, side }: { pair: Pair; side: "was" | "now" }) {
  const text = pair[side];
  if (text === null) return <div class="insp-side insp-side-none" aria-label={say("nothing")} />;
  if (pair.same) return <div class="insp-side">{text || " "}</div>;
  const { start, wasEnd, nowEnd } = pair.was !== null && pair.now !== null ? differing(pair.was, pair.now) : whole(text);
  const end = side === "was" ? wasEnd : nowEnd;
  return (
    <div class={`insp-side insp-${side}`}>
      {text.slice(0, start)}
      <mark>{text.slice(start, end)}</mark>
      {text.slice(end)}
    </div>
  );
}

const whole = (text: string) => ({ start: 0, wasEnd: text.length, nowEnd: text.length });
