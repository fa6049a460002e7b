/** What everybody sets for themselves: name, password, sounds, keys, language, look. */

import { useSignal } from "@preact/signals";
import { Avatar } from "../../phone/avatar";
import { nextTheme, theme } from "../../theme";
import { toast, told as trouble } from "../../toasts";
import { carry, patch, post, put } from "../api";
import { chime } from "../sound";
import { gone } from "../live";
import { subscribe, unsubscribe } from "../push";
import type { Me } from "../shapes";
import { accustom, habits, me } from "../state";
import { NAMES, say, speak, told, tongue, TONGUES, type Tongue } from "../words";
import "./admin.css";

export function Settings() {
  const found = me.value;
  if (!found) return null;
  return (
    <main class="desk-page" aria-label={say("settings")}>
      <h1>{say("settings")}</h1>
      <div class="cards">
        <Mine found={found} />
        <Habits found={found} />
        <Password />
        <section class="card">
          <h2>{say("session")}</h2>
          <p class="soft">{found.agent.email}</p>
          <button type="button" class="button" onClick={() => void post("/sign-out").catch(() => undefined).then(gone)}>
            {say("sign_out")}
          </button>
          <button
            type="button"
            class="button"
            title={say("sign_out_everywhere_hint")}
            onClick={() => void post("/sign-out", { everywhere: true }).then(gone, trouble)}
          >
            {say("sign_out_everywhere")}
          </button>
        </section>
      </div>
    </main>
  );
}

function Mine({ found }: { found: Me }) {
  const name = useSignal(found.agent.name);
  const languages = useSignal(found.agent.languages.join(", "));
  const icon = useSignal(found.agent.icon ?? "");
  async function save(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const list = languages.value.split(/[\s,]+/).filter(Boolean);
      const next = await patch<Me>("/me", { name: name.value.trim(), languages: list, icon: icon.value.trim() });
      me.value = { ...found, ...next, agent: { ...found.agent, ...next.agent, name: name.value.trim(), languages: list, icon: icon.value.trim() } };
      toast(say("saved"), "good");
    } catch (error) {
      trouble(error);
    }
  }
  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <h2>{say("about_me")}</h2>
      <label class="field">
        <span>{say("your_name")}</span>
        <input required maxLength={80} value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        <small>{say("your_name_hint")}</small>
      </label>
      <label class="field">
        <span>{say("your_icon")}</span>
        <span class="with-picture">
          <Avatar id={found.agent.id} name={name.value || "?"} {...(icon.value.startsWith("https://") && { picture: icon.value })} size={36} />
          <input type="url" pattern="https://.*" maxLength={2000} placeholder="https://" value={icon.value} onInput={(event) => (icon.value = event.currentTarget.value)} />
        </span>
        <small>{say("your_icon_hint")}</small>
      </label>
      <label class="field">
        <span>{say("languages")}</span>
        <input placeholder="en, ja" value={languages.value} onInput={(event) => (languages.value = event.currentTarget.value)} />
      </label>
      <button type="submit" class="button button-main">
        {say("save")}
      </button>
    </form>
  );
}

function Habits({ found }: { found: Me }) {
  async function notify(wanted: boolean): Promise<void> {
    if (wanted && "Notification" in window && (await Notification.requestPermission()) !== "granted") {
      toast(say("notifications_refused"), "bad");
      return;
    }
    accustom({ notify: wanted });
    if (!wanted) await unsubscribe().catch(trouble);
    else if (found.push?.key) await subscribe(found.push.key).catch(() => toast(say("push_unreachable")));
  }
  return (
    <section class="card">
      <h2>{say("this_browser")}</h2>
      <label class="tick">
        <input
          type="checkbox"
          checked={habits.value.sound}
          onChange={(event) => {
            accustom({ sound: event.currentTarget.checked });
            chime(false);
          }}
        />
        {say("sounds")}
      </label>
      <label class="tick">
        <input type="checkbox" checked={habits.value.notify} onChange={(event) => void notify(event.currentTarget.checked)} />
        {say("notifications")}
      </label>
      <label class="field">
        <span>{say("send_by")}</span>
        <select value={habits.value.enter ? "enter" : "ctrl"} onChange={(event) => accustom({ enter: event.currentTarget.value === "enter" })}>
          <option value="ctrl">Ctrl + Enter</option>
          <option value="enter">Enter</option>
        </select>
      </label>
      <label class="field">
        <span>{say("language")}</span>
        <select value={tongue.value} onChange={(event) => speak(event.currentTarget.value as Tongue)}>
          {TONGUES.map((one) => (
            <option key={one} value={one}>
              {NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="button" onClick={nextTheme}>
        {say("theme")}: {told(`theme_${theme.value}`)}
      </button>
    </section>
  );
}

function Password() {
  const old = useSignal("");
  const next = useSignal("");
  async function save(event: Event): Promise<void> {
    event.preventDefault();
    try {
      // Every other browser is signed out, and this one gets a new token.
      const found = await put<Me>("/password", { old: old.value, new: next.value });
      if (found?.csrf) carry(found.csrf);
      old.value = next.value = "";
      toast(say("password_changed"), "good");
    } catch (error) {
      trouble(error);
    }
  }
  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <h2>{say("change_password")}</h2>
      <label class="field">
        <span>{say("old_password")}</span>
        <input type="password" autocomplete="current-password" required value={old.value} onInput={(event) => (old.value = event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{say("new_password")}</span>
        <input type="password" autocomplete="new-password" required value={next.value} onInput={(event) => (next.value = event.currentTarget.value)} />
        <small>{say("password_hint")}</small>
      </label>
      <button type="submit" class="button button-main">
        {say("change_password")}
      </button>
    </form>
  );
}
