/** The message that another one answers to, above its words. */

import { entries, theBot, users } from "../state";
import { contentOf } from "./media";
import { Picture } from "./picture";
import { summary } from "./summary";
import { say } from "./words";

export function Quote({ id }: { id: string }) {
  const quoted = entries.value.find((entry) => entry.id === id);
  if (!quoted) return <blockquote class="bubble-quote">{say("quoted_gone")}</blockquote>;
  const name =
    quoted.who === "bot" ? theBot.value?.display_name : users.value.find((user) => user.id === quoted.who)?.name;
  const image = quoted.state !== "unsent" && quoted.message.type === "image" ? contentOf(quoted, "previewImageUrl") : "";
  return (
    <blockquote class="bubble-quote" aria-label={say("quoted")}>
      <span>
        {name && <b>{name}</b>}
        <span class="bubble-quote-words">{summary(quoted)}</span>
      </span>
      {image && (
        <span class="bubble-quote-image">
          <Picture url={image} alt="" />
        </span>
      )}
    </blockquote>
  );
}
