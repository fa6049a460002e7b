/** The chat in view as a transcript test: choose from where to where, look at it, name it, save it. */

import { useEffect, useState } from "preact/hooks";
import { post, put, Refused } from "../api";
import type { Entry } from "../shapes";
import { bot, chat, entries, people } from "../state";
import { told, toast } from "../toasts";
import { path } from "./bench";
import { Button, clockTime, Copy, Empty } from "./kit";
import type { Recording } from "./shapes";
import { say } from "./words";

interface Range {
  from: string;
  to: string;
}

export function Record({ saved }: { saved: () => Promise<void> }) {
  const all = entries.value;
  const [range, setRange] = useState<Range>({ from: "", to: "" });
  const [made, setMade] = useState<Recording | null>(null);
  const [name, setName] = useState("");
  const [taken, setTaken] = useState(false);
  useEffect(() => {
    setRange({ from: "", to: "" });
    setMade(null);
    setName("");
  }, [bot.value, chat.value]);
  const choose = (part: Partial<Range>) => setRange({ ...range, ...part });
  const record = async () => {
    try {
      const given = { ...(range.from ? { from: range.from } : {}), ...(range.to ? { to: range.to } : {}) };
      const found = await post<Recording>(path("/recordings"), { endpoint: bot.value, chat: chat.value, ...given });
      setMade(found);
      setName(name || found.name);
      setTaken(false);
    } catch (error) {
      told(error);
    }
  };
  const save = async (overwrite: boolean) => {
    if (!made) return;
    try {
      const { file } = await put<{ file: string }>(path(`/recordings/${encodeURIComponent(name.trim())}`), { text: made.text, overwrite });
      setTaken(false);
      toast(say("savedAs", file), "good");
      await saved();
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && !overwrite) setTaken(true);
      else told(error);
    }
  };
  if (!all.length) return <Empty>{say("nothingToRecord")}</Empty>;
  return (
    <div class="insp-scroll insp-record">
      <p class="insp-soft">{say("recordHelp")}</p>
      <div class="insp-range">
        <Choice label={say("from")} none={say("fromStart")} all={all} value={range.from} set={(from) => choose({ from })} />
        <Choice label={say("to")} none={say("toEnd")} all={all} value={range.to} set={(to) => choose({ to })} />
        <Button kind={made ? "plain" : "main"} onClick={record}>
          ● {made ? say("recordAgain") : say("recordNow")}
        </Button>
      </div>
      {made ? (
        <>
          <textarea
            class="input insp-mono insp-yaml"
            aria-label={say("transcript")}
            spellcheck={false}
            rows={Math.min(28, made.text.split("\n").length + 1)}
            value={made.text}
            onInput={(event) => setMade({ ...made, text: event.currentTarget.value })}
          />
          <div class="insp-range">
            <label class="field insp-grow">
              <span>{say("testName")}</span>
              <input
                class="insp-mono"
                value={name}
                onInput={(event) => {
                  setName(event.currentTarget.value);
                  setTaken(false);
                }}
              />
            </label>
            {taken ? (
              <>
                <span class="insp-warn" role="alert">
                  {say("alreadyThere")}
                </span>
                <Button kind="bad" onClick={() => save(true)}>
                  {say("overwrite")}
                </Button>
              </>
            ) : (
              <Button kind="main" disabled={!name.trim()} onClick={() => save(false)}>
                {say("save")}
              </Button>
            )}
            <Copy text={made.text} />
          </div>
        </>
      ) : null}
    </div>
  );
}

/** An entry in a few words, for choosing from where to where. */
export function briefly(entry: Entry, names: ReadonlyMap<string, { name: string }>): string {
  const { message } = entry;
  const words = typeof message.text === "string" ? message.text : typeof message.altText === "string" ? message.altText : `[${message.type}]`;
  const who = entry.who === "bot" ? "bot" : (names.get(entry.who)?.name ?? entry.who);
  const line = words.replaceAll(/\s+/g, " ");
  return `${who}: ${line.length > 50 ? `${line.slice(0, 50)}…` : line}`;
}

function Choice(props: { label: string; none: string; all: readonly Entry[]; value: string; set: (id: string) => void }) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.set(event.currentTarget.value)}>
        <option value="">{props.none}</option>
        {props.all.slice(-300).map((entry) => (
          <option key={entry.id} value={entry.id}>
            {clockTime(entry.at)} {briefly(entry, people.value)}
          </option>
        ))}
      </select>
    </label>
  );
}
