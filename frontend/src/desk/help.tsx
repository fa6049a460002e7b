/** The keys, and what the page never shows because LINE does not tell it. */

import { DEEDS } from "./actions";
import { Frame } from "./frame";
import { say, type Word } from "./words";

const KEYS: readonly (readonly [string, Word])[] = [
  ["j / k", "key_next"],
  ["Alt ↓ / Alt ↑", "key_next_typing"],
  ["Enter / r", "key_write"],
  ["Ctrl Enter", "send"],
  ["/", "canned_replies"],
  ["n / Alt N", "note"],
  ["s", "search"],
  ["i", "customer"],
  ["1 2 3 4", "views"],
  ["Ctrl K", "commands"],
  ["?", "help"],
];

export function Help() {
  return (
    <Frame title={say("help")} wide>
      <dl class="keys">
        {[...KEYS, ...DEEDS.flatMap((deed): [string, Word][] => (deed.keys ? [[deed.keys, deed.word]] : []))].map(([key, word]) => (
          <div key={`${key} ${word}`}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(word)}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">{say("line_tells_not")}</p>
    </Frame>
  );
}
