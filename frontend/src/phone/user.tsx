/** The sheet of a person: made here, changed here, gone from here. */

import { useState } from "preact/hooks";
import { patch, post, remove } from "../api";
import { openChat } from "../live";
import type { Relation, User } from "../shapes";
import { bot, people, theBot, users, view } from "../state";
import { told } from "../toasts";
import { COLOURS, Avatar, colour, colourOf } from "./avatar";
import { befriend } from "./acts";
import { Id } from "./id";
import { forget } from "./reset";
import { say } from "./words";

const LANGUAGES = { ja: "日本語", th: "ไทย", "zh-TW": "繁體中文", id: "Indonesia", en: "English" } as const;
const NAMES = ["Aoi", "Mai", "Ken", "สมชาย", "怡君", "Budi", "Emma", "さくら", "Haruto", "Siti", "Noi", "Lin"];

/** A name that nobody has yet: of two people with one name, LINE's app cannot tell either. */
function freeName(): string {
  const taken = new Set(users.value.map((user) => user.name));
  return NAMES.find((name) => !taken.has(name)) ?? `Person ${taken.size + 1}`;
}

interface Form {
  name: string;
  language: string;
  picture: string;
  status_message: string;
  consent: boolean;
}

function formOf(user: User | undefined): Form {
  if (!user) return { name: freeName(), language: "en", picture: "", status_message: "", consent: true };
  const { name, language, picture, status_message, consent } = user;
  return { name, language, picture, status_message, consent };
}

/** The bot hears of blocking and of new friends as on LINE; "never added" was never told to it. */
async function relate(id: string, before: Relation, wanted: Relation): Promise<void> {
  if (before === wanted) return;
  if (wanted === "none") await patch(`/users/${id}`, { relation: "none" });
  else await befriend(id, wanted === "friend");
}

export function UserForm({ id, close }: { id: string; close: () => void }) {
  const user = people.value.get(id);
  const [form, setForm] = useState(() => formOf(user));
  const before: Relation = user ? (user.relations[bot.value] ?? "friend") : "none";
  const [relation, setRelation] = useState<Relation>(user ? before : "friend");
  const [tint, setTint] = useState(() => colourOf(id || form.name));
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const saved = user
        ? await patch<User>(`/users/${id}`, form)
        : await post<User>("/users", { ...form, ...(await idFor(form.name)), relation: "none" });
      colour(saved.id, tint);
      if (!user) {
        users.value = [...users.value, saved];
        openChat(saved.id);
        view.value = "phone";
      }
      close();
      await relate(saved.id, before, relation);
    } catch (error) {
      told(error);
    }
  }

  return (
    <form class="picker" onSubmit={(event) => void submit(event)}>
      <div class="sheet-row">
        <Avatar id={id} name={form.name} picture={form.picture} size={48} tint={tint} />
        <label class="field">
          <span>{say("name")}</span>
          <input required maxLength={20} data-focus value={form.name} onInput={(e) => change({ name: e.currentTarget.value })} />
        </label>
        <label class="field">
          <span>{say("language")}</span>
          <select value={form.language} onChange={(e) => change({ language: e.currentTarget.value })}>
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
            {!(form.language in LANGUAGES) && <option>{form.language}</option>}
          </select>
        </label>
      </div>
      <Tints chosen={tint} choose={setTint} />
      <label class="field">
        <span>{say("relation", theBot.value?.display_name ?? "")}</span>
        <select value={relation} onChange={(e) => setRelation(e.currentTarget.value as Relation)}>
          {(["friend", "blocked", "none"] as const).map((one) => (
            <option key={one} value={one} disabled={!user && one === "blocked"}>
              {say(`relation_${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{say("status_message")}</span>
        <input value={form.status_message} maxLength={500} onInput={(e) => change({ status_message: e.currentTarget.value })} />
      </label>
      <label class="field">
        <span>{say("picture")}</span>
        <input type="url" value={form.picture} onInput={(e) => change({ picture: e.currentTarget.value })} />
      </label>
      <label class="sheet-check">
        <input type="checkbox" checked={form.consent} onChange={(e) => change({ consent: e.currentTarget.checked })} />
        {say("consent")}
      </label>
      {user && <Id id={id} />}
      <div class="sheet-row sheet-end">
        {user && <Delete user={user} close={close} />}
        <button class="button button-main">{say(user ? "save" : "create")}</button>
      </div>
    </form>
  );
}

/** The same name always gets the same id, so a second person of that name needs one of their own. */
async function idFor(name: string): Promise<{ id?: string }> {
  if (!users.value.some((user) => user.name === name)) return {};
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { id: `U${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}` };
}

function Tints({ chosen, choose }: { chosen: string; choose: (tint: string) => void }) {
  return (
    <div class="sheet-row tints" role="radiogroup" aria-label={say("colour")}>
      {COLOURS.map((tint) => (
        <button
          key={tint}
          type="button"
          role="radio"
          aria-checked={tint === chosen}
          aria-label={tint}
          style={{ background: tint }}
          onClick={() => choose(tint)}
        />
      ))}
    </div>
  );
}

function Delete({ user, close }: { user: User; close: () => void }) {
  const [sure, setSure] = useState(false);
  async function go(): Promise<void> {
    try {
      await forget(bot.value, user.id);
      await remove(`/users/${user.id}`);
      close();
    } catch (error) {
      told(error);
    }
  }
  return (
    <button type="button" class="button button-bad" onClick={() => (sure ? void go() : setSure(true))}>
      {sure ? say("delete_sure", user.name) : say("delete_user")}
    </button>
  );
}
