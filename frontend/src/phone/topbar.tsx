/** The bar over everything: which bot, what time it is, and how the page looks. */

import { openBot } from "../live";
import { bot, bots, connected, theBot } from "../state";
import { nextTheme, theme } from "../theme";
import { language, speak } from "../words/words";
import { Clock } from "./clock";
import { openHelp } from "./help";
import { Icon } from "./icons";
import { say } from "./words";
import "./topbar.css";

const THEMES = { auto: "auto", light: "sun", dark: "moon" } as const;

export function TopBar() {
  const shown = theme.value;
  return (
    <header class="topbar">
      <Mark />
      <Bots />
      <span class={connected.value ? "topbar-state is-up" : "topbar-state"} role="status">
        <span class="topbar-word">{say(connected.value ? "connected" : "disconnected")}</span>
      </span>
      <Clock />
      <span class="topbar-room" />
      <button
        type="button"
        class="button-plain topbar-language"
        lang={language.value === "ja" ? "en" : "ja"}
        onClick={() => speak(language.value === "ja" ? "en" : "ja")}
      >
        {language.value === "ja" ? "EN" : "日本語"}
      </button>
      <button type="button" class="button-plain" aria-label={say(`theme_${shown}`)} title={say(`theme_${shown}`)} onClick={nextTheme}>
        <Icon name={THEMES[shown]} size={20} />
      </button>
      <button type="button" class="button-plain" aria-label={say("help")} title={say("help")} onClick={openHelp}>
        <Icon name="help" size={20} />
      </button>
    </header>
  );
}

/** The shop curtain that the project is named after. */
function Mark() {
  return (
    <svg class="topbar-mark" viewBox="0 0 28 24" width="28" height="24" role="img" aria-label="Noren">
      <path d="M1 3h26" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />
      <path d="M3 4h7v15q-3.5 2.5-7 .8zM10.6 4h6.8v16q-3.4 2-6.8-.3zM18 4h7v15.600q-3.500 2.200-7 0z" fill="currentColor" />
    </svg>
  );
}

function Bots() {
  if (bots.value.length < 2) return <b class="topbar-bot">{theBot.value?.display_name ?? "Noren"}</b>;
  return (
    <select class="topbar-bots" aria-label={say("which_bot")} value={bot.value} onChange={(event) => openBot(event.currentTarget.value)}>
      {bots.value.map((one) => (
        <option key={one.name} value={one.name}>
          {one.display_name}
        </option>
      ))}
    </select>
  );
}
