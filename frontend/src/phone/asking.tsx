/** What the phone asks before an action can be done, and what it shows after one. */

import { useState } from "preact/hooks";
import type { Action } from "../shapes";
import { platformNow } from "../state";
import { Picture } from "./camera";
import { copy } from "./acts";
import { initialOf, plain, type Mode } from "./picking";
import { PlaceForm } from "./place";
import { opens } from "./links";
import { openSheet } from "./ui";
import { Voice } from "./voice";
import { say } from "./words";

type Brought = (more: Record<string, unknown>) => void;

// ── date and time ───────────────────────────────────────────────────────────────────────────────────────────

const TITLES = { date: "pick_date", time: "pick_time", datetime: "pick_datetime" } as const;
const FIELDS = { date: "date", time: "time", datetime: "datetime-local" } as const;

export function askPicker(action: Action, done: (value: string) => void): void {
  const mode = action.mode ?? "datetime";
  openSheet(say(TITLES[mode]), (close) => (
    <Picker
      action={action}
      mode={mode}
      done={(value) => {
        close();
        done(value);
      }}
    />
  ));
}

function Picker({ action, mode, done }: { action: Action; mode: Mode; done: (value: string) => void }) {
  const [value, setValue] = useState(() => initialOf(action, mode, new Date(platformNow())));
  const [low, high] = [plain(action.min), plain(action.max)];
  return (
    <form
      class="picker"
      onSubmit={(event) => {
        event.preventDefault();
        done(value);
      }}
    >
      <label class="field">
        <span>{action.label ?? say(TITLES[mode])}</span>
        <input
          data-focus
          required
          type={FIELDS[mode]}
          value={value}
          min={low}
          max={high}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </label>
      {(low || high) && <p class="sheet-hint">{say("pick_range", low ?? "…", high ?? "…")}</p>}
      <div class="sheet-row sheet-end">
        <button class="button button-main">{say("ok")}</button>
      </div>
    </form>
  );
}

// ── pictures, places, voice ─────────────────────────────────────────────────────────────────────────────────

export function askPicture(from: "camera" | "album", done: Brought): void {
  openSheet(say(from === "camera" ? "take_photo" : "choose_photo"), (close) => (
    <Picture
      live={from === "camera"}
      done={(more) => {
        close();
        done(more);
      }}
    />
  ));
}

export function askPlace(done: Brought): void {
  openSheet(say("where"), (close) => (
    <PlaceForm
      done={(place) => {
        close();
        done({ ...place });
      }}
    />
  ));
}

export function askVoice(): void {
  openSheet(say("voice_title"), (close) => <Voice close={close} />);
}

// ── links ───────────────────────────────────────────────────────────────────────────────────────────────────

export function askLink(uri: string, desktop?: string): void {
  openSheet(say("open_link"), (close) => <Link uri={uri} desktop={desktop} close={close} />);
}

function Link({ uri, desktop, close }: { uri: string; desktop?: string; close: () => void }) {
  const by = opens(uri);
  return (
    <>
      <p class="sheet-link">{uri}</p>
      {by === "app" && <p class="sheet-hint">{say("opens_app")}</p>}
      {by === "call" && <p class="sheet-hint">{say("opens_phone")}</p>}
      {desktop && <p class="sheet-hint">{say("on_desktop", desktop)}</p>}
      <div class="sheet-row sheet-end">
        <button type="button" class="button" onClick={() => void copy(uri)}>
          {say("copy")}
        </button>
        {by === "app" ? (
          <button type="button" class="button button-main" data-focus onClick={close}>
            {say("ok")}
          </button>
        ) : (
          <a class="button button-main sheet-open" href={uri} target="_blank" rel="noopener noreferrer" data-focus onClick={close}>
            {say("open_it")}
          </a>
        )}
      </div>
    </>
  );
}
