/** Bad days at a click: each trouble with a sentence on what to expect. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toast } from "../toasts";
import { bench } from "./bench";
import { ClockPart, QuotaPart, RuntimePart } from "./clock";
import { Button, Pill } from "./kit";
import * as trouble from "./trouble";
import { ANSWERS, rowOf, SETTINGS, type Answers, type Setting } from "./weather";
import { say } from "./words";

/** Seconds: hardly felt, felt, worth a loading animation, longer than a reply token lives. */
const LATE = [2, 5, 20, 70] as const;

export function FaultsTab() {
  useEffect(() => void trouble.look(), []);
  return (
    <div class="insp-tab">
      <div class="insp-scroll insp-faults">
        <Active />
        <ClockPart />
        {bench.value === "there" ? <RuntimePart /> : null}
        <section class="insp-list">
          <h3>{say("linesAnswers")}</h3>
          {ANSWERS.map((row) => (
            <Answer key={row.id} row={row} />
          ))}
        </section>
        <section class="insp-list">
          <h3>{say("webhooks")}</h3>
          <Slow />
          <Trouble title={say("redelivered")} told={say("redeliveredTold")}>
            <Button onClick={() => once(false)}>{say("doNow")}</Button>
          </Trouble>
          <Trouble title={say("duplicate")} told={say("duplicateTold")}>
            <Button onClick={() => once(true)}>{say("doNow")}</Button>
          </Trouble>
          <Held />
          {SETTINGS.map((row) => (
            <SettingRow key={row.id} row={row} />
          ))}
        </section>
        <section class="insp-list">
          <h3>{say("thisChatHead")}</h3>
          <Trouble title={say("standbyChat")} told={say("standbyChatTold")}>
            <Toggle on={trouble.standing.value} set={trouble.standby} />
          </Trouble>
          {trouble.chatUser.value ? (
            <Trouble title={say("blocked")} told={say("blockedTold", trouble.chatUser.value.name)}>
              <Toggle on={trouble.blocked.value} set={trouble.block} />
            </Trouble>
          ) : null}
        </section>
        <QuotaPart />
      </div>
    </div>
  );
}

async function once(duplicate: boolean): Promise<void> {
  if (await trouble.repeat(duplicate)) toast(say(duplicate ? "sentAgain" : "sentRedelivered"), "good");
}

function Slow() {
  const [seconds, setSeconds] = useState<number>(LATE[1]);
  const on = trouble.slow.value > 0;
  const shown = on ? trouble.slow.value / 1_000 : seconds;
  const choose = (wanted: number) => {
    setSeconds(wanted);
    if (on) void trouble.beSlow(wanted * 1_000);
  };
  return (
    <Trouble title={say("slowBot")} told={say(bench.value === "there" ? "slowBotTold" : "slowPageTold")} on={on}>
      <select class="insp-select" aria-label={say("howLong")} value={shown} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {[...new Set([...LATE, shown])].map((one) => (
          <option key={one} value={one}>
            {one} s
          </option>
        ))}
      </select>
      <Toggle on={on} set={(to) => trouble.beSlow(to ? seconds * 1_000 : 0)} />
    </Trouble>
  );
}

interface Shown {
  title: string;
  told: string;
  on?: boolean;
  children: ComponentChildren;
  below?: ComponentChildren;
}

function Trouble({ title, told, on, children, below }: Shown) {
  return (
    <div class={`insp-trouble ${on ? "insp-trouble-on" : ""}`} role="group" aria-label={title}>
      <div>
        <b>{title}</b>
        <p class="insp-soft">{told}</p>
      </div>
      <span class="insp-actions">{children}</span>
      {below}
    </div>
  );
}

function Toggle({ on, set }: { on: boolean; set: (on: boolean) => unknown }) {
  return (
    <Button pressed={on} onClick={() => set(!on)}>
      {on ? say("turnOff") : say("untilCleared")}
    </Button>
  );
}

function Answer({ row }: { row: Answers }) {
  const on = trouble.faults.value.filter((one) => rowOf(one) === row);
  return (
    <Trouble title={say(row.title)} told={say(row.told)} on={on.length > 0}>
      <Button onClick={() => trouble.addFault(row, true)}>{say("once")}</Button>
      <Toggle on={on.length > 0} set={(to) => (to ? trouble.addFault(row, false) : Promise.all(on.map(({ id }) => trouble.clearFault(id))))} />
    </Trouble>
  );
}

function SettingRow({ row }: { row: Setting }) {
  const on = trouble.settingsOn.value.includes(row);
  return (
    <Trouble title={say(row.title)} told={say(row.told)} on={on}>
      {row.once ? (
        <Button disabled={on} onClick={() => trouble.turnOn(row, true)}>
          {say("once")}
        </Button>
      ) : null}
      <Toggle on={on} set={(to) => (to ? trouble.turnOn(row, false) : trouble.turnOff(row))} />
    </Trouble>
  );
}

/** Events that LINE keeps back until somebody lets them go, in whatever order. */
function Held() {
  const on = trouble.keeping.value;
  const events = trouble.held.value;
  const ids = events.map((one) => one.id);
  const list = (
    <div class="insp-held">
      <p class="insp-soft">{say("heldCount", events.length)}</p>
      {events.map((one) => (
        <p key={one.id} class="insp-facts">
          <span class="insp-clip">{gistOf(one.event)}</span>
          <Button kind="quiet" onClick={() => trouble.release([one.id])}>
            {say("letGo")}
          </Button>
        </p>
      ))}
      {events.length > 1 ? (
        <span class="insp-actions">
          <Button onClick={() => trouble.release([...ids].reverse())}>{say("backwards")}</Button>
          <Button onClick={() => trouble.release(ids)}>{say("inOrder")}</Button>
          <Button onClick={() => trouble.release(ids, ids.length)}>{say("inOneBody")}</Button>
        </span>
      ) : null}
    </div>
  );
  return (
    <Trouble title={say("outOfOrder")} told={say("outOfOrderTold")} on={on} below={on ? list : null}>
      <Toggle on={on} set={(to) => (to ? trouble.hold() : trouble.letGo())} />
    </Trouble>
  );
}

const gistOf = ({ type, message, postback }: trouble.Hook["event"]) => message?.text ?? postback?.data ?? message?.type ?? type;

function Active() {
  if (!trouble.active.value) return <p class="insp-soft insp-calm">{say("allCalm")}</p>;
  return (
    <section class="insp-active" aria-live="polite">
      <header class="insp-facts">
        <b>{say("activeNow", trouble.active.value)}</b>
        <span class="insp-grow" />
        <Button kind="bad" onClick={trouble.clearAll}>
          {say("clearAll")}
        </Button>
      </header>
      {trouble.faults.value.map((one) => {
        const row = rowOf(one);
        const times = one.times === null ? say("untilCleared") : say("times", one.times + one.skip - one.hits);
        return (
          <On key={one.id} title={row ? say(row.title) : one.kind} note={`${one.method === "*" ? "" : one.method} ${one.path}`} times={times} off={() => trouble.clearFault(one.id)} />
        );
      })}
      {trouble.settingsOn.value.map((row) => (
        <On key={row.id} title={say(row.title)} times={trouble.isPassing(row) ? say("once") : say("untilCleared")} off={() => trouble.turnOff(row)} />
      ))}
      {trouble.keeping.value ? (
        <On title={say("outOfOrder")} note={say("heldCount", trouble.held.value.length)} times={say("untilCleared")} off={trouble.letGo} />
      ) : null}
      {trouble.slow.value ? (
        <On title={say("slowBot")} note={`${trouble.slow.value / 1_000} s`} times={say("untilCleared")} off={() => trouble.beSlow(0)} />
      ) : null}
      {trouble.standing.value ? <On title={say("standbyChat")} times={say("untilCleared")} off={() => trouble.standby(false)} /> : null}
      {trouble.blocked.value ? <On title={say("blocked")} times={say("untilCleared")} off={() => trouble.block(false)} /> : null}
    </section>
  );
}

function On({ title, note = "", times, off }: { title: string; note?: string; times: string; off: () => unknown }) {
  return (
    <p class="insp-facts">
      <Pill tone="bad">{title}</Pill>
      <span class="insp-mono insp-soft insp-clip">{note}</span>
      <span class="insp-soft">{times}</span>
      <span class="insp-grow" />
      <Button label={say("clearThis", title)} onClick={off}>
        {say("clear")}
      </Button>
    </p>
  );
}

