/** The clock, the month's quota, and the runtime itself. */

import { useEffect, useReducer, useState } from "preact/hooks";
import { post } from "../api";
import { ahead, platformNow, stopped, theBot } from "../state";
import { path, runtime } from "./bench";
import { session } from "./conversation";
import { attempt, Button, clockTime, Pill } from "./kit";
import { fire } from "./session";
import type { RuntimeState } from "./shapes";
import { setTo } from "./trouble";
import { long, span } from "./spans";
import { say } from "./words";

const MINUTE = 60_000;
const SPANS = [
  ["+1 min", MINUTE],
  ["+10 min", 10 * MINUTE],
  ["+1 h", 60 * MINUTE],
  ["+1 d", 1_440 * MINUTE],
] as const;

const advance = (ms: number) => attempt(() => post("/clock", { advance: ms }));

export function ClockPart() {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const [typed, setTyped] = useState("");
  useEffect(() => {
    const each = setInterval(() => tick(0), 1_000);
    return () => clearInterval(each);
  }, []);
  const still = stopped.value > 0;
  const next = session.value?.timers.toSorted((a, b) => a.due - b.due)[0];
  const custom = span(typed);
  const go = async () => {
    if (custom && (await advance(custom))) setTyped("");
  };
  return (
    <section class="insp-list">
      <h3>{say("clock")}</h3>
      <p class="insp-facts">
        <b class="insp-clock">{clockTime(platformNow(), true)}</b>
        {still ? <Pill tone="warn">{say("clockStopped")}</Pill> : ahead.value ? <Pill tone="accent">{say("aheadBy", long(ahead.value))}</Pill> : null}
      </p>
      <p class="insp-soft">{say("clockTold")}</p>
      <div class="insp-facts">
        {SPANS.map(([words, ms]) => (
          <Button key={words} onClick={() => advance(ms)}>
            {words}
          </Button>
        ))}
        <form
          class="insp-facts"
          onSubmit={(event) => {
            event.preventDefault();
            void go();
          }}
        >
          <input
            class="input insp-span"
            placeholder="2h 30m"
            aria-label={say("customSpan")}
            aria-invalid={typed !== "" && !custom}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <Button disabled={!custom} onClick={go}>
            {say("forward")}
          </Button>
        </form>
        <Button disabled={!next} onClick={() => next && fire(next)}>
          {next ? say("toTimerIn", next.purpose, long(next.due - platformNow())) : say("toNextTimer")}
        </Button>
        <Button onClick={() => attempt(() => post("/clock", still ? { run: true } : { stop: true }))}>{say(still ? "runClock" : "stopClock")}</Button>
      </div>
    </section>
  );
}

export function QuotaPart() {
  const account = theBot.value;
  const [typed, setTyped] = useState<string | null>(null);
  if (!account) return null;
  const shown = typed ?? (account.quota === null ? "" : String(account.quota));
  const save = async () => {
    await setTo({ quota: shown.trim() === "" ? null : Number(shown) });
    setTyped(null);
  };
  return (
    <section class="insp-list">
      <h3>{say("quota")}</h3>
      <p class="insp-soft">{say("quotaTold")}</p>
      <div class="insp-facts">
        <label class="insp-facts">
          <span>{say("quotaMonth")}</span>
          <input
            class="input insp-span"
            inputMode="numeric"
            placeholder={say("noLimit")}
            value={shown}
            onInput={(event) => setTyped(event.currentTarget.value.replaceAll(/\D/g, ""))}
          />
        </label>
        <Button disabled={typed === null} onClick={save}>
          {say("save")}
        </Button>
        <span class="insp-soft">{account.quota === null ? say("billedOnly", account.billed) : say("billedOf", account.billed, account.quota)}</span>
        <Button onClick={() => setTo({ quota: account.billed })}>{say("useUp")}</Button>
      </div>
    </section>
  );
}

const STATES = { running: ["good", "runtimeRunning"], starting: ["accent", "runtimeStarting"], stopped: ["bad", "runtimeStopped"] } as const;

export function RuntimeChip() {
  const [tone, word] = STATES[runtime.value] ?? STATES.running;
  return <Pill tone={tone}>{say(word)}</Pill>;
}

const order = (what: "restart" | "kill" | "start" | "stop") =>
  attempt(async () => {
    const told = await post<{ state: RuntimeState }>(path("/runtime"), { do: what });
    runtime.value = told.state;
  });

export function RuntimePart() {
  const up = runtime.value !== "stopped";
  return (
    <section class="insp-list">
      <h3 class="insp-facts">
        {say("runtime")} <RuntimeChip />
      </h3>
      <p class="insp-soft">{say("runtimeTold")}</p>
      <div class="insp-facts">
        {up ? (
          <>
            <Button onClick={() => order("restart")}>{say("restart")}</Button>
            <Button kind="bad" onClick={() => order("kill")}>
              {say("kill")}
            </Button>
            <Button onClick={() => order("stop")}>{say("stop")}</Button>
          </>
        ) : (
          <Button kind="main" onClick={() => order("start")}>
            {say("start")}
          </Button>
        )}
      </div>
    </section>
  );
}
