/** Two short tones, made here: no file. Browsers are silent until somebody touches the page. */

import { signal } from "@preact/signals";
import { habits } from "./state";

let audio: AudioContext | null = null;
let rang = -1000;
/** What would have rung before the page was touched; heard then, once. */
let missed: "" | "offer" | "words" = "";

/** Not every key counts as a touch: Alt alone and Escape do not. */
const active = (): boolean => navigator.userActivation?.hasBeenActive ?? true;
/** Whether the browser would let something be heard. */
export const allowed = signal(active());

function touched(): void {
  if (!active() || (allowed.value && audio?.state !== "suspended")) return;
  allowed.value = true;
  void audio?.resume();
  if (missed) chime(missed === "offer");
  missed = "";
}
for (const kind of ["pointerup", "keydown"]) addEventListener(kind, touched, true);

/** `up` for offers, else a softer one for words. Many at once are one sound. */
export function chime(up: boolean): void {
  if (!habits.peek().sound) return;
  if (!allowed.peek()) {
    missed = up || missed === "offer" ? "offer" : "words";
    return;
  }
  if (performance.now() - rang < 900) return;
  rang = performance.now();
  try {
    audio ??= new AudioContext();
    void audio.resume();
    const start = audio.currentTime;
    (up ? [659, 880, 1175] : [880, 660]).forEach((pitch, index) => tone(audio!, pitch, start + index * 0.13, up ? 0.16 : 0.07));
  } catch {
    // Without sound the rest still tells.
  }
}

function tone(context: AudioContext, pitch: number, at: number, loud: number): void {
  const [wave, volume] = [context.createOscillator(), context.createGain()];
  wave.frequency.value = pitch;
  wave.type = "sine";
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(loud, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
  wave.connect(volume).connect(context.destination);
  wave.start(at);
  wave.stop(at + 0.4);
}
