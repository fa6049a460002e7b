/** Starting over, and the first person on an empty platform. */

import { Refused, get, post, remove } from "../api";
import { openChat } from "../live";
import { bots, summaries, users } from "../state";
import { toast, tried } from "../toasts";
import { language } from "../words/words";
import { befriend } from "./acts";
import { openSheet } from "./ui";
import { say } from "./words";
import type { User } from "../shapes";

export function resetAll(): void {
  openSheet(say("reset_all"), (close) => (
    <>
      <p>{say("reset_sure")}</p>
      <div class="sheet-row sheet-end">
        <button type="button" class="button" onClick={close}>
          {say("cancel")}
        </button>
        <button
          type="button"
          class="button button-bad"
          data-focus
          onClick={() => {
            close();
            void tried(again());
          }}
        >
          {say("reset_all")}
        </button>
      </div>
    </>
  ));
}

/** The bot would still be in the middle of what it asked: under `noren dev` its conversations end as well. */
async function again(): Promise<void> {
  await Promise.all(Object.values(summaries.value).map(({ last }) => forget(last.bot, last.chat)));
  await post("/reset");
  await firstPerson();
}

/** End the bot's conversation in a chat, where this page can: the simulator alone knows of none. */
export async function forget(bot: string, chat: string): Promise<void> {
  const query = new URLSearchParams({ endpoint: bot, chat });
  try {
    const { key } = await get<{ key: string }>(`/workbench/sessions?${query}`);
    const path = `/workbench/sessions/${encodeURIComponent(key)}`;
    const { turns } = await get<{ turns: unknown[] }>(`${path}/turns?limit=1`);
    if (turns.length) await remove(path);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 404) throw error;
  }
}

/** Somebody to be, on a platform where nobody is yet: adding the bot as a friend has it speak first. */
export async function firstPerson(): Promise<void> {
  const { users: there } = await get<{ users: User[] }>("/users");
  if (there.length || !bots.value.length) return;
  const [name, own] = language.value === "ja" ? ["あおい", "ja"] : ["Aoi", "en"];
  let made: User;
  try {
    made = await post<User>("/users", { name, language: own, relation: "none" });
  } catch {
    return; // another window was faster
  }
  users.value = [made];
  openChat(made.id);
  // People's ids follow from their names: the bot may remember this one from an earlier run.
  for (const { name: bot } of bots.value) await forget(bot, made.id);
  if (!(await befriend(made.id, true))) toast(say("disconnected"), "bad");
}
