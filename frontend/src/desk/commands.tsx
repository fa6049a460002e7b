/** Everything by name: what can be done, where one can go, whom one can open. Ctrl+K. */

import { useSignal } from "@preact/signals";
import { nextTheme } from "../theme";
import { DEEDS, runMacro } from "./actions";
import { open, presence } from "./acts";
import { gone, show } from "./live";
import { post } from "./api";
import { escaped, useModal } from "./modal";
import { current, leads, macros, me, mine, offers, over, page, saved } from "./state";
import { STATUSES } from "./nav";
import { NAMES, say, speak, told, TONGUES } from "./words";

interface Command {
  title: string;
  hint?: string;
  do: () => void;
}

function all(): Command[] {
  const one = current.value;
  const go = (title: string, act: () => void, hint = ""): Command => ({ title, hint, do: act });
  return [
    ...(one ? DEEDS.filter((deed) => deed.can(one)).map((deed) => go(say(deed.word), () => deed.do(one), deed.keys ?? one.subject)) : []),
    ...(one ? macros.value.map((macro) => go(macro.title, () => void runMacro(one, macro), say("macros"))) : []),
    ...[...offers.value, ...mine.value].map((found) => go(found.subject, () => open(found.id), found.last.slice(0, 60))),
    go(say("mine"), () => show({ kind: "mine" }), "1"),
    go(say("offers"), () => show({ kind: "offers" }), "2"),
    go(say("waiting"), () => show({ kind: "waiting" }), "3"),
    go(say("all"), () => show({ kind: "all" }), "4"),
    ...(me.value?.queues ?? []).filter((queue) => queue.mine).map((queue) => go(queue.title, () => show({ kind: "queue", queue: queue.id }), say("queue"))),
    ...saved.value.map((found) => go(found.title, () => show({ kind: "saved", ...found }), say("views"))),
    go(say("left_messages"), () => show({ kind: "offline" })),
    go(say("closed"), () => show({ kind: "closed" })),
    ...STATUSES.map((status) => go(`${say("presence")}: ${told(`is_${status}`)}`, () => void presence(status))),
    ...(leads.value
      ? [
          go(say("monitor"), () => (page.value = "monitor")),
          go(say("reports"), () => (page.value = "reports")),
          go(say("administration"), () => (page.value = "admin")),
        ]
      : []),
    go(say("settings"), () => (page.value = "settings")),
    go(say("theme"), nextTheme),
    ...TONGUES.map((tongue) => go(`${say("language")}: ${NAMES[tongue]}`, () => speak(tongue))),
    go(say("help"), () => (over.value = "help"), "?"),
    go(say("sign_out"), () => void post("/sign-out").catch(() => undefined).then(gone)),
  ];
}

/** Whether the letters stand in the title in this order. */
export function matches(title: string, typed: string): boolean {
  const hay = title.toLocaleLowerCase();
  let at = 0;
  for (const sign of typed.toLocaleLowerCase().replaceAll(" ", "")) {
    at = hay.indexOf(sign, at) + 1;
    if (!at) return false;
  }
  return true;
}

export function Palette() {
  const typed = useSignal("");
  const at = useSignal(0);
  const box = useModal((dialog) => dialog.querySelector("input"));
  const found = all().filter((one) => matches(`${one.title} ${one.hint ?? ""}`, typed.value));
  const exact = (one: Command): number => (one.title.toLocaleLowerCase().includes(typed.value.toLocaleLowerCase()) ? 0 : 1);
  found.sort((a, b) => exact(a) - exact(b));
  const run = (one: Command | undefined): void => {
    if (!one) return;
    over.value = "";
    one.do();
  };
  function keys(event: KeyboardEvent): void {
    if (escaped(event)) return;
    event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && event.key === "k") over.value = "";
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") at.value = (at.value + (event.key === "ArrowDown" ? 1 : found.length - 1)) % (found.length || 1);
    else if (event.key === "Enter") run(found[at.value]);
    else return;
    event.preventDefault();
    requestAnimationFrame(() => box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
  }
  return (
    <dialog ref={box} class="dialog palette-box" aria-label={say("commands")} onCancel={(event) => (event.preventDefault(), (over.value = ""))} onClick={(event) => event.target === box.current && (over.value = "")} onKeyDown={keys}>
      <input
        class="palette-field"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`command-${at.value}`}
        aria-label={say("commands")}
        placeholder={say("commands_hint")}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          at.value = 0;
        }}
      />
      <ul id="palette-list" role="listbox" aria-label={say("commands")}>
        {found.slice(0, 60).map((one, index) => (
          <li key={`${one.title} ${index}`} id={`command-${index}`} role="option" aria-selected={index === at.value} onMouseMove={() => (at.value = index)} onClick={() => run(one)}>
            <span>{one.title}</span>
            {one.hint && <small>{one.hint}</small>}
          </li>
        ))}
        {!found.length && <li class="soft">{say("nothing_found")}</li>}
      </ul>
    </dialog>
  );
}
