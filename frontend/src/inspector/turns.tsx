/** All turns of the chat in view, newest first, and what they cost. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { get } from "../api";
import { bot, bots, picked } from "../state";
import type { Bot } from "../shapes";
import { bench, gathered, key, path } from "./bench";
import { more, older, placed, spent, turns } from "./conversation";
import { Button, Empty } from "./kit";
import type { Turn } from "./shapes";
import { TurnCard } from "./turn";
import { tab } from "./tabs";
import { say } from "./words";
import { Windowed } from "./window";

/** The turn that belongs to the bubble clicked last; `turn` rises with each click. */
export const sought = signal<{ key: string; message: number; turn: number } | null>(null);
/** Turns that were unfolded or folded by hand; else only the newest is open. */
const toggled = signal<Readonly<Record<string, boolean>>>({});
const account = signal<Bot | null>(null);
const cost = computed(() => spent(turns.value));
export const dead = computed(() => turns.value.filter((turn) => turn.state === "dead").length);

const isOpen = (event: string) => toggled.value[event] ?? event === turns.value[0]?.event;
const toggle = (event: string, open = !isOpen(event)) => (toggled.value = { ...toggled.value, [event]: open });

let clicks = 0;
/** The last click whose turn was brought into view: coming back to this tab does not scroll there again. */
let arrived = 0;
const SETTLED = 500;

async function seek(message: string): Promise<void> {
  const mine = ++clicks;
  try {
    const found = await get<{ event: string; message: number | null }>(path(`/messages/${encodeURIComponent(message)}`));
    if (!turns.value.some((turn) => turn.event === found.event)) {
      const turn = await get<Turn>(path(`/turns/${encodeURIComponent(found.event)}`));
      if (turn.session === key.value) turns.value = placed(turns.value, turn);
    }
    if (mine !== clicks) return;
    toggle(found.event, true);
    sought.value = { key: found.event, message: found.message ?? -1, turn: mine };
    tab.value = "turns";
    setTimeout(() => (arrived = mine), SETTLED);
  } catch {
    // messages from before the store was emptied belong to no turn
  }
}

/** Go to the turn of every bubble that is clicked, and keep the month's bill up to date. */
export function followPicked(): () => void {
  const bill = gathered(() => {
    get<Bot>(`/bots/${encodeURIComponent(bot.value)}`).then((now) => (account.value = now), () => undefined);
  }, 250);
  const stopPicked = effect(() => {
    const message = picked.value;
    if (message && bench.value === "there") untracked(() => void seek(message));
  });
  const stopBill = effect(() => {
    if (bot.value && turns.value && bots.value) bill();
  });
  return () => {
    stopPicked();
    stopBill();
  };
}

function Total() {
  const { replies, pushes, billed } = cost.value;
  const month = account.value;
  return (
    <div class="insp-bar insp-total">
      <span>
        {say("thisChat")} <b>{say("repliesFree", replies)}</b> · <b class={billed ? "insp-warn" : ""}>{say("pushesBilled", pushes, billed)}</b>
        {older.value ? ` ${say("soFar")}` : ""}
      </span>
      {month ? (
        <span class="insp-soft">
          {say("thisMonth")} {month.quota === null ? say("billedOnly", month.billed) : say("billedOf", month.billed, month.quota)}
        </span>
      ) : null}
    </div>
  );
}

export function TurnsTab() {
  const at = sought.value;
  return (
    <div class="insp-tab">
      <Total />
      {turns.value.length ? (
        <Windowed
          items={turns.value}
          name={(turn) => turn.event}
          guess={62}
          label={say("tabTurns")}
          show={at && at.turn > arrived ? at : undefined}
          draw={(turn) => (
            <TurnCard
              turn={turn}
              open={isOpen(turn.event)}
              toggle={() => toggle(turn.event)}
              sought={at?.key === turn.event ? at.message : undefined}
            />
          )}
          foot={
            older.value ? (
              <div class="insp-foot">
                <Button onClick={more}>{say("olderTurns")}</Button>
              </div>
            ) : null
          }
        />
      ) : (
        <Empty>{say("noTurns")}</Empty>
      )}
    </div>
  );
}
