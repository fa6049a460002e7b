/**
 * Messages side by side, for whoever works on how they look: `npx vite`, then /simulator/gallery.html. Not part of the
 * page that is built. `gallery` of the window brings other messages; the contact sheet and the tests do that.
 */

import { render } from "preact";
import { Bubble } from "./bubbles/bubble";
import { actions } from "./bubbles/taps";
import { isRecord, list, text } from "./bubbles/read";
import { withoutFollowers } from "./bubbles/sets";
import "./gallery.css";
import { SAMPLES } from "./gallery-samples";
import type { Entry, Message } from "./shapes";
import { bots, entries, users } from "./state";

/** One picture: a title and the messages of one side. */
export interface Shot {
  title: string;
  messages: readonly unknown[];
  mine?: boolean;
}

declare global {
  interface Window {
    gallery?: readonly Shot[];
    /** What was tapped, oldest first. */
    tapped?: { entry: string; index: number; action: unknown }[];
    /** Draws one more message in the place of the last and gives its HTML. */
    draw?: (message: unknown, mine: boolean) => string;
  }
}

const ME = "U00000000000000000000000000000001";

function entryOf(given: unknown, id: string, mine: boolean): Entry {
  const message = (isRecord(given) ? given : { type: "" }) as Message;
  const more = isRecord(message.entry) ? message.entry : {};
  const own = { rev: 1, id, bot: "shop", chat: ME, who: mine ? ME : "bot", via: "push", at: 0, state: "sent" };
  return { ...own, message, ...more } as Entry;
}

users.value = [{ id: ME, name: "Mai", language: "en" }] as unknown as typeof users.value;
bots.value = [{ name: "shop", display_name: "Tea shop" }] as unknown as typeof bots.value;
window.tapped = [];

const tap = (entry: Entry, index: number): void => {
  window.tapped?.push({ entry: entry.id, index, action: actions(entry.message)[index] });
};
const doing = { tap, watched: (entry: Entry) => tap(entry, -1) };

const shots = window.gallery ?? SAMPLES;
const all = shots.map((shot, at) =>
  list(shot.messages).map((message, n) => entryOf(message, `${at}.${n}`, shot.mine === true)),
);
entries.value = all.flat();

const one = document.body.appendChild(document.createElement("div"));
window.draw = (message, mine) => {
  render(null, one);
  render(<Bubble entry={entryOf(message, "one", mine)} doing={doing} />, one);
  return one.innerHTML;
};

const page = document.getElementById("page");
if (page) {
  render(
    <main class="gallery">
      {shots.map((shot, at) => (
        <section class="gallery-shot" id={`shot-${at}`} key={at}>
          <h2>{text(shot.title)}</h2>
          {withoutFollowers(all[at] ?? []).map((entry) => (
            <div key={entry.id} class={`gallery-entry ${entry.who === "bot" ? "" : "is-mine"}`}>
              <Bubble entry={entry} doing={doing} />
            </div>
          ))}
        </section>
      ))}
    </main>,
    page,
  );
}
