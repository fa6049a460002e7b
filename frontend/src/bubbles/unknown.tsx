import type { Loose } from "./read";
import { text } from "./read";
import { say } from "./words";

/** What this page cannot draw, as it came. */
export function Unknown({ message, title }: { message: Loose; title?: string }) {
  return (
    <details class="bubble-unknown">
      <summary>{title ?? say("unknown_type", text(message.type))}</summary>
      <pre aria-label={say("raw")}>{JSON.stringify(message, null, 2)}</pre>
    </details>
  );
}
