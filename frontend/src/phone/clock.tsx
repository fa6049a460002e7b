/** The platform's clock, and turning it forward: timers, expiry and tokens follow it. */

import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../api";
import { ahead, platformNow, stopped } from "../state";
import { tried } from "../toasts";
import { language } from "../words/words";
import { Icon } from "./icons";
import { span } from "./span";
import { dateOf, timeOf } from "./telling";
import { say } from "./words";

const MINUTE = 60_000;
const STEPS = [
  ["+1 min", MINUTE],
  ["+10 min", 10 * MINUTE],
  ["+1 h", 60 * MINUTE],
  ["+1 day", 1440 * MINUTE],
] as const;
const STEPS_JA = ["+1分", "+10分", "+1時間", "+1日"];

const turn = (body: object): void => void tried(post("/clock", body));

export function Clock() {
  const [open, setOpen] = useState(false);
  const [, tick] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => !box.current?.contains(event.target as Node) && setOpen(false);
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const now = platformNow();
  const shifted = ahead.value > 0 || stopped.value > 0;
  return (
    <div
      ref={box}
      class="clock"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }}
    >
      <button
        type="button"
        class={shifted ? "clock-face is-shifted" : "clock-face"}
        aria-expanded={open}
        aria-label={`${say("clock")}: ${dateOf(now)} ${timeOf(now)}`}
        title={say("clock")}
        onClick={() => setOpen(!open)}
      >
        <Icon name="clock" size={17} />
        {shifted && <span class="topbar-word">{dateOf(now)}</span>}
        <time>{timeOf(now)}</time>
      </button>
      {open && <Hands />}
    </div>
  );
}

function Hands() {
  const [minutes, setMinutes] = useState(30);
  const ja = language.value === "ja";
  const words = ja ? (["日", "時間", "分", "秒"] as const) : ([" d", " h", " min", " s"] as const);
  const still = stopped.value > 0;
  return (
    <div class="clock-hands" role="group" aria-label={say("clock")}>
      <p class="sheet-hint">
        {ahead.value > 0 && say("clock_ahead", span(ahead.value, words))}
        {still && ` ${say("clock_still")}`}
      </p>
      <div class="sheet-row">
        {STEPS.map(([word, ms], index) => (
          <button key={word} type="button" class="button" onClick={() => turn({ advance: ms })}>
            {ja ? STEPS_JA[index] : word}
          </button>
        ))}
      </div>
      <form
        class="sheet-row"
        onSubmit={(event) => {
          event.preventDefault();
          turn({ advance: Math.round(minutes * MINUTE) });
        }}
      >
        <label class="clock-own">
          {say("clock_forward")}
          <input
            class="input"
            type="number"
            min="0"
            step="any"
            required
            value={minutes}
            onInput={(event) => setMinutes(event.currentTarget.valueAsNumber)}
          />
          {say("minutes")}
        </label>
        <button class="button">{say("forward")}</button>
      </form>
      <button type="button" class="button" onClick={() => turn(still ? { run: true } : { stop: true })}>
        {say(still ? "clock_run" : "clock_stop")}
      </button>
    </div>
  );
}
