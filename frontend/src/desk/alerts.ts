/** Offers and new words are heard and seen even when the desk is not in view: sound, title, mark on the icon, notification. */

import { effect } from "@preact/signals";
import { toast } from "../toasts";
import { open } from "./acts";
import type { Note } from "./shapes";
import { caseOf, habits, me, mine, myId, offers, selected } from "./state";
import { say } from "./words";

let audio: AudioContext | null = null;
let rang = -1000;
let mute = false;

/** Two short tones, made here: no file. `up` for offers, else a softer one for words. */
export function chime(up: boolean): void {
  // Many things at once are one sound. Browsers are silent until somebody touches the page: what rang before is
  // heard once, then.
  if (!habits.peek().sound || performance.now() - rang < 900 || (mute && audio?.state === "suspended")) return;
  rang = performance.now();
  try {
    audio ??= new AudioContext();
    mute = audio.state === "suspended";
    if (mute) void audio.resume();
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

function notify(title: string, body: string, id: string): void {
  if (!habits.value.notify || document.hasFocus() || !("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(title, { body, tag: id, icon: "./icon.svg" });
    shown.onclick = () => {
      window.focus();
      open(id);
      shown.close();
    };
  } catch {
    // Some browsers only let service workers notify.
  }
}

/** What a line of the log means to somebody who may look elsewhere. */
export function alertFor(note: Note): void {
  const one = caseOf(note.case_id)?.peek();
  const me = myId.value;
  if (note.type === "message.received" && one?.agent === me && (selected.peek() !== one.id || !document.hasFocus())) {
    chime(false);
    notify(one.subject, one.last, one.id);
  }
  if (note.type === "offer.missed" && note.data.agent === me) toast(say("offer_missed", one?.subject ?? ""), "bad");
  if (note.type === "case.given" && note.data.agent === me && note.actor.id !== me) {
    chime(true);
    toast(say("given_to_you", one?.subject ?? ""), "good", () => open(note.case_id));
  }
  if (note.type === "case.unanswered" && note.data.agent === me) toast(say("taken_back", one?.subject ?? ""), "bad");
  const named = note.type === "note.added" && Array.isArray(note.data.mentions) && note.data.mentions.includes(me);
  if (named && note.actor.id !== me) {
    chime(false);
    toast(say("mentioned", note.actor.name ?? "", one?.subject ?? ""), "plain", () => open(note.case_id));
    notify(say("mentioned", note.actor.name ?? "", one?.subject ?? ""), String(note.data.text ?? ""), note.case_id);
  }
}

const seen = new Set<string>();
let ringing: ReturnType<typeof setInterval> | undefined;

effect(() => {
  const all = offers.value;
  for (const one of all) {
    const id = one.offer?.id ?? "";
    if (seen.has(id)) continue;
    seen.add(id);
    chime(true);
    notify(say("offer_for_you"), `${one.subject}: ${one.last}`, one.id);
  }
  clearInterval(ringing);
  if (all.length) ringing = setInterval(() => chime(true), 10_000);
});

/** How many things wait for me: offers, and my cases with unread words. */
effect(() => {
  const waiting = offers.value.length + mine.value.filter((one) => one.unread > 0).length;
  document.title = me.value && waiting ? `(${waiting}) Noren` : "Noren";
  mark(offers.value.length ? "#e0332a" : waiting ? "#2c8a4b" : "");
});

let shown = "";
const CURTAIN =
  '<rect x="1" y="3" width="30" height="4" rx="2" fill="#5b3a29"/><path d="M3 7h7v20c-2.500 2-4.500-1-7 0zM12.500 7h7v20c-2.500 2-4.500-1-7 0zM22 7h7v20c-2.500 2-4.500-1-7 0z" fill="#2c5f8a"/>';

function mark(colour: string): void {
  if (colour === shown) return;
  shown = colour;
  const dot = colour ? `<circle cx="23" cy="23" r="8" fill="${colour}" stroke="#fff" stroke-width="2"/>` : "";
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${CURTAIN}${dot}</svg>`;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link) link.href = colour ? `data:image/svg+xml,${encodeURIComponent(drawing)}` : "./icon.svg";
}
