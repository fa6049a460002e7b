/** The agent's side of the chat in view: whoever tries a bot answers in person, and sees the user's side beside it. */

import { useState } from "preact/hooks";
import { Button, clockTime, Empty, Pill, type Tone } from "../inspector/kit";
import { key } from "../inspector/bench";
import { bot, chat } from "../state";
import { act, actsOf, come, desk, draft, drafts, here, isMine, maySpeak, type Case } from "./cases";
import { say, stateWord } from "./words";
import "./agent.css";

const HOUR = 3_600_000;
const EXAMPLE = "handover:\n  queues: {general: {}}\n  workstreams:\n    support: {queues: [general]}";

export function AgentTab() {
  const { desk: there, status, cases } = desk.value;
  if (!there) {
    return (
      <div class="insp-tab agent">
        <Empty>{say("noDesk")}</Empty>
        <pre class="agent-example">{EXAMPLE}</pre>
      </div>
    );
  }
  return (
    <div class="insp-tab agent">
      <div class="insp-bar">
        <strong>{say("you")}</strong>
        <span class="agent-status" role="group" aria-label={say("you")}>
          <Button pressed={status === "online"} onClick={() => come("online")}>{say("online")}</Button>
          <Button pressed={status !== "online"} onClick={() => come("offline")}>{say("away")}</Button>
        </span>
        <span class="insp-grow" />
        <a class="agent-desk" href={there} target="_blank" rel="noopener">{say("openDesk")}</a>
      </div>
      <div class="insp-scroll" tabIndex={0} aria-label={say("cases")}>
        {cases.length ? (
          <ul class="agent-cases" aria-label={say("cases")}>
            {cases.map((one) => (
              <Line key={one.id} one={one} />
            ))}
          </ul>
        ) : (
          <Empty>{say("noCases")}</Empty>
        )}
        {key.value ? <Here key={key.value} /> : null}
      </div>
    </div>
  );
}

const TONES: Record<string, Tone> = { queued: "warn", offered: "warn", active: "good", assigned: "good" };

function Line({ one }: { one: Case }) {
  const shown = one.session === key.value;
  const show = () => {
    const [, of = ""] = one.session.split(":");
    bot.value = one.endpoint;
    chat.value = of;
  };
  return (
    <li class={`agent-case ${shown ? "agent-case-here" : ""}`}>
      <button type="button" class="agent-open" aria-current={shown} title={say("showChat")} onClick={show}>
        <span class="agent-name">{one.subject || one.session}</span>
        <span class="insp-soft">{one.last}</span>
      </button>
      <span class="agent-facts">
        <Pill tone={TONES[one.state] ?? "plain"}>{stateWord(one.state)}</Pill>
        <span class="insp-soft">{one.queue}</span>
        {one.agent_name ? <span>{one.agent_name}</span> : null}
      </span>
    </li>
  );
}

/** What can be done to the chat in view. */
function Here() {
  const { you = "", queues, notes, flows } = desk.value;
  const one = here.value;
  const session = key.value;
  const mine = isMine(one, you);
  const free = !one || one.state === "closed" || one.state === "wrap_up" || one.state === "offline";
  return (
    <section class="agent-here">
      {free ? <p class="insp-soft">{say("botHasIt")}</p> : null}
      {one?.agent && one.agent !== you && !free ? <p class="insp-soft">{say("somebodyElse", one.agent_name || one.agent)}</p> : null}
      <div class="insp-actions">
        {actsOf(one, you).map((what) => (
          <Button
            key={what}
            kind={what === "accept" || what === "claim" ? "main" : "plain"}
            onClick={() => act(session, what, { offer: one?.offer?.id, case: one?.id })}
          >
            {say(what)}
          </Button>
        ))}
      </div>
      {maySpeak(one, you) ? <Composer session={session} /> : null}
      {mine ? <Ending session={session} queues={queues.filter((queue) => queue !== one?.queue)} flows={flows} /> : null}
      {notes.length ? (
        <>
          <h4>{say("notes")}</h4>
          <ul class="agent-notes">
            {notes.map((note) => (
              <li key={`${note.at}${note.text}`}>
                <span class="insp-soft">
                  {note.by} {clockTime(note.at)}
                </span>
                <span>{note.text}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function Composer({ session }: { session: string }) {
  const text = drafts.value[session] ?? "";
  const send = async (what: "reply" | "note") => {
    const said = text.trim();
    if (!said) return;
    const done = await act(session, what, what === "reply" ? { messages: [{ text: said }] } : { text: said });
    if (done && (drafts.value[session] ?? "") === text) draft(session, "");
  };
  const press = (event: KeyboardEvent) => {
    // while a Japanese word is being chosen, Enter chooses it
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send("reply");
  };
  return (
    <div class="agent-composer">
      <textarea
        class="input"
        rows={2}
        aria-label={say("replyHint")}
        placeholder={say("replyHint")}
        value={text}
        onInput={(event) => draft(session, event.currentTarget.value)}
        onKeyDown={press}
      />
      <div class="insp-actions">
        <Button kind="main" disabled={!text.trim()} onClick={() => send("reply")}>{say("reply")}</Button>
        <Button disabled={!text.trim()} hint={say("noteHint")} onClick={() => send("note")}>{say("note")}</Button>
      </div>
    </div>
  );
}

function Ending({ session, queues, flows }: { session: string; queues: readonly string[]; flows: readonly string[] }) {
  const [goto, setGoto] = useState("");
  return (
    <div class="agent-ending">
      <Button kind="bad" onClick={() => act(session, "resolve", goto ? { inject: goto } : {})}>{say("resolve")}</Button>
      <label>
        <span class="insp-soft">{say("goOnAt")}</span>
        <select class="insp-select" value={goto} onChange={(event) => setGoto(event.currentTarget.value)}>
          <option value="">{say("below")}</option>
          {flows.map((flow) => (
            <option key={flow} value={flow}>{flow}</option>
          ))}
        </select>
      </label>
      {queues.length ? (
        <select
          class="insp-select"
          aria-label={say("transfer")}
          value=""
          onChange={(event) => void act(session, "transfer", { queue: event.currentTarget.value })}
        >
          <option value="">{say("transfer")} …</option>
          {queues.map((queue) => (
            <option key={queue} value={queue}>{queue}</option>
          ))}
        </select>
      ) : null}
      <Button onClick={() => act(session, "snooze", { for: HOUR })}>{say("snooze")}</Button>
    </div>
  );
}
