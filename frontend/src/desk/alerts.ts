/** Offers and new words are heard and seen even when the desk is not in view: sound, title, mark on the icon, notification. */

import { effect } from "@preact/signals";
import { toast } from "../toasts";
import { open } from "./acts";
import type { Note } from "./shapes";
import { lastOf } from "./lastwords";
import { agentName, caseOf, habits, me, myId, offers, selected } from "./state";
import { unreadChats } from "./seen";
import { chime } from "./sound";
import { say } from "./words";

/** Shown and still there, by case: one that is taken or answered elsewhere goes away. */
const shown = new Map<string, Notification>();

function notify(title: string, body: string, id: string): void {
  if (!habits.value.notify || document.hasFocus() || !("Notification" in window) || Notification.permission !== "granted") return;
  try {
    // The later one takes the place of the earlier, and is told all the same.
    const options: NotificationOptions & { renotify: boolean } = { body, tag: id, icon: "./icon.svg", renotify: true };
    const note = new Notification(title, options);
    shown.set(id, note);
    note.onclose = () => shown.get(id) === note && shown.delete(id);
    note.onclick = () => {
      window.focus();
      open(id);
      note.close();
    };
  } catch {
    // Browsers of phones let only service workers notify.
    void navigator.serviceWorker?.ready.then((worker) => worker.showNotification(title, { body, tag: id, icon: "./icon.svg" }), () => undefined);
  }
}

function over(id: string): void {
  shown.get(id)?.close();
  shown.delete(id);
}

// A notification of the worker was clicked while the desk is open.
navigator.serviceWorker?.addEventListener("message", (event: MessageEvent<{ open?: string }>) => {
  if (event.data?.open) open(event.data.open);
});

/** What a line of the log means to somebody who may look elsewhere. */
export function alertFor(note: Note): void {
  const one = caseOf(note.case_id)?.peek();
  const me = myId.value;
  if (note.type === "message.received" && one?.agent === me && (selected.peek() !== one.id || !document.hasFocus())) {
    chime(false);
    notify(one.subject, lastOf(one), one.id);
  }
  if (note.type === "message.sent" || note.type === "case.closed") over(note.case_id);
  if (note.type === "offer.missed" && note.data.agent === me) toast(say("offer_missed", one?.subject ?? ""), "bad");
  if (note.type === "case.given" && note.data.agent === me && note.actor.id !== me) {
    chime(true);
    toast(say("given_to_you", one?.subject ?? ""), "good", () => open(note.case_id));
  }
  if (note.type === "case.given" && note.data.before === me && note.data.agent !== me && note.actor.id !== me) {
    toast(say("given_to_other", one?.subject ?? "", agentName(String(note.data.agent))), "bad");
  }
  if (note.type === "case.joined" && one?.agent === me && note.actor.id !== me) {
    chime(false);
    toast(say("joined_yours", note.actor.name ?? "", one.subject), "plain", () => open(note.case_id));
  }
  if (note.type === "case.unanswered" && note.data.agent === me) toast(say("taken_back", one?.subject ?? ""), "bad");
  const named = note.type === "note.added" && Array.isArray(note.data.mentions) && note.data.mentions.includes(me);
  if (named && note.actor.id !== me) {
    chime(false);
    toast(say("mentioned", note.actor.name ?? "", one?.subject ?? ""), "plain", () => open(note.case_id));
    notify(say("mentioned", note.actor.name ?? "", one?.subject ?? ""), String(note.data.text ?? ""), note.case_id);
  }
}

/** Offers that were told, and of which case while they stand. */
const seen = new Map<string, string>();
let ringing: ReturnType<typeof setInterval> | undefined;

effect(() => {
  const all = offers.value;
  for (const [id, of] of seen) {
    if (!of || all.some((one) => one.offer?.id === id)) continue;
    seen.set(id, "");
    over(of);
  }
  for (const one of all) {
    const id = one.offer?.id ?? "";
    if (seen.has(id)) continue;
    seen.set(id, one.id);
    chime(true);
    notify(say("offer_for_you"), [one.subject, lastOf(one)].filter(Boolean).join(": "), one.id);
  }
  clearInterval(ringing);
  if (all.length) ringing = setInterval(() => chime(true), 10_000);
});

/** How many things wait for me: offers, and my cases with unread words. */
effect(() => {
  const waiting = offers.value.length + unreadChats.value;
  document.title = me.value && waiting ? `(${waiting}) Noren` : "Noren";
  void (me.value && waiting ? navigator.setAppBadge?.(waiting) : navigator.clearAppBadge?.())?.catch(() => undefined);
  mark(offers.value.length ? "#e0332a" : waiting ? "#2c8a4b" : "");
});

let marked = "";
const CURTAIN =
  '<rect x="1" y="3" width="30" height="4" rx="2" fill="#5b3a29"/><path d="M3 7h7v20c-2.500 2-4.500-1-7 0zM12.500 7h7v20c-2.500 2-4.500-1-7 0zM22 7h7v20c-2.500 2-4.500-1-7 0z" fill="#2c5f8a"/>';

function mark(colour: string): void {
  if (colour === marked) return;
  marked = colour;
  const dot = colour ? `<circle cx="23" cy="23" r="8" fill="${colour}" stroke="#fff" stroke-width="2"/>` : "";
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${CURTAIN}${dot}</svg>`;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link) link.href = colour ? `data:image/svg+xml,${encodeURIComponent(drawing)}` : "./icon.svg";
}
