/** What can be done with the case in view: a few buttons, the rest in a menu. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { toast, told as trouble } from "../toasts";
import { accept, act, chatAct, claim, isMine, reject, taking } from "./acts";
import { name, once, post } from "./api";
import { LIVE, WAITS, type Known } from "./cases";
import { Icon, type IconName } from "./icons";
import type { Acted } from "./shapes";
import { agentName, detail, leads, macros, myId, now, over, panelOpen, pane, put } from "./state";
import { span } from "./cases";
import { say, type Word } from "./words";

export interface Deed {
  word: Word;
  icon: IconName;
  keys?: string;
  /** Whether it can be done with this case by this person. */
  can: (one: Known) => boolean;
  do: (one: Known) => void;
  /** Stands beside the menu, not in it. */
  out?: boolean;
  main?: boolean;
}

/** Whoever takes a case can go on with it at once: what they do waits until they have it. */
const held = (one: Known): boolean => taking.value.has(one.id) || ["assigned", "active", "waiting", "snoozed"].includes(one.state);
const live = (one: Known): boolean => LIVE.includes(one.state);
const may = (one: Known): boolean => isMine(one) || leads.value;
const ask = (dialog: string) => (): void => void (over.value = dialog);

/** Everything that can be done with a case, in the order of the menu; the keys and the command palette use it too. */
export const DEEDS: readonly Deed[] = [
  { word: "accept", icon: "done", keys: "Alt A", out: true, main: true, can: (one) => one.offer?.agent === myId.value && !taking.value.has(one.id), do: (one) => void accept(one) },
  { word: "reject", icon: "close", keys: "Alt R", out: true, can: (one) => one.offer?.agent === myId.value && !taking.value.has(one.id), do: (one) => void reject(one) },
  { word: "take", icon: "plus", keys: "c", out: true, main: true, can: (one) => !taking.value.has(one.id) && ((WAITS.includes(one.state) && one.offer?.agent !== myId.value) || one.state === "offline"), do: (one) => void claim(one.id) },
  { word: "done", icon: "done", keys: "d", out: true, main: true, can: (one) => one.state === "wrap_up" && may(one), do: (one) => void act(one.id, "done") },
  { word: "resolve", icon: "done", keys: "e", out: true, main: true, can: (one) => held(one) && may(one), do: ask("resolve") },
  { word: "transfer", icon: "swap", keys: "t", out: true, can: (one) => live(one) && may(one), do: ask("transfer") },
  { word: "snooze", icon: "moon", keys: "z", out: true, can: (one) => ["active", "waiting"].includes(one.state) && may(one), do: ask("snooze") },
  { word: "wake", icon: "sun", keys: "w", can: (one) => ["snoozed", "waiting"].includes(one.state) && may(one), do: (one) => void act(one.id, "wake") },
  { word: "park", icon: "pause", keys: "p", can: (one) => one.state === "active" && may(one), do: (one) => void act(one.id, "park") },
  { word: "priority", icon: "flag", keys: "!", can: live, do: ask("priority") },
  { word: "labels", icon: "tag", keys: "l", can: (one) => one.state !== "closed", do: ask("labels") },
  { word: "rename", icon: "note", can: live, do: ask("rename") },
  { word: "assign", icon: "person", keys: "a", can: (one) => live(one) && leads.value, do: ask("assign") },
  { word: "whisper", icon: "eye", can: (one) => live(one) && leads.value && !isMine(one), do: ask("whisper") },
  { word: "give_back", icon: "bot", can: (one) => live(one) && leads.value, do: (one) => void chatAct(one.session, "give_back") },
  { word: "take_over", icon: "bot", can: (one) => one.state === "closed" && detail.value?.control?.owner === "bot", do: (one) => void chatAct(one.session, "take_over") },
  { word: "pause_bot", icon: "pause", can: (one) => one.state === "closed" && detail.value?.control?.owner === "bot", do: (one) => void chatAct(one.session, "pause") },
  { word: "resume_bot", icon: "play", can: () => detail.value?.control?.owner === "paused", do: (one) => void chatAct(one.session, "resume") },
];

/** All acts of a macro, on the server. */
export async function runMacro(one: Known, macro: { id: string; title: string }): Promise<void> {
  try {
    const found = await post<Acted>(`/cases/${name(one.id)}/macros/${name(macro.id)}`, { id: once() });
    if (found?.case) put(found.case);
    toast(say("macro_done", macro.title), "good");
  } catch (error) {
    trouble(error);
  }
}

export function Actions({ one }: { one: Known }) {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const able = DEEDS.filter((deed) => deed.can(one));
  useEffect(() => {
    if (!open.value) return;
    const away = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) open.value = false;
    };
    addEventListener("pointerdown", away);
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    return () => removeEventListener("pointerdown", away);
  }, [open.value]);

  function keys(event: KeyboardEvent): void {
    const items = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape") {
      event.stopPropagation();
      open.value = false;
      box.current?.querySelector<HTMLElement>("button")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]?.focus();
    }
  }

  return (
    <div class="talk-acts" role="toolbar" aria-label={say("actions")}>
      {one.state === "wrap_up" && <WrapUp one={one} />}
      {able
        .filter((deed) => deed.out)
        .map((deed) => (
          <button
            key={deed.word}
            type="button"
            class={`button ${deed.main ? "button-main" : ""}`}
            title={deed.keys ? `${say(deed.word)} (${deed.keys})` : say(deed.word)}
            onClick={() => deed.do(one)}
          >
            <Icon name={deed.icon} size={16} />
            <span>{say(deed.word)}</span>
          </button>
        ))}
      <div class="menu" ref={box} onKeyDown={keys}>
        <button type="button" class="button-plain" aria-haspopup="menu" aria-expanded={open.value} aria-label={say("more")} title={say("more")} onClick={() => (open.value = !open.value)}>
          <Icon name="more" />
        </button>
        {open.value && (
          <div class="menu-list" role="menu">
            {able
              .filter((deed) => !deed.out)
              .map((deed) => (
                <button
                  key={deed.word}
                  type="button"
                  role="menuitem"
                  onClick={() => {
                    open.value = false;
                    deed.do(one);
                  }}
                >
                  <Icon name={deed.icon} size={16} />
                  {say(deed.word)}
                  {deed.keys && <kbd>{deed.keys}</kbd>}
                </button>
              ))}
            {macros.value.length > 0 && <h3>{say("macros")}</h3>}
            {macros.value.map((macro) => (
              <button
                key={macro.id}
                type="button"
                role="menuitem"
                onClick={() => {
                  open.value = false;
                  void runMacro(one, macro);
                }}
              >
                <Icon name="bolt" size={16} />
                {macro.title}
              </button>
            ))}
          </div>
        )}
      </div>
      <button
        type="button"
        class="button-plain"
        aria-label={say("customer")}
        title={say("customer")}
        aria-pressed={panelOpen.value}
        onClick={togglePanel}
      >
        <Icon name="panel" />
      </button>
    </div>
  );
}

export function togglePanel(): void {
  if (matchMedia("(max-width: 899px)").matches) {
    pane.value = "panel";
    return;
  }
  panelOpen.value = !panelOpen.value;
  localStorage.setItem("noren.desk.panel", panelOpen.value ? "open" : "closed");
}

/** How long the notes after the end have taken. */
function WrapUp({ one }: { one: Known }) {
  return (
    <span class="wrap" title={agentName(one.agent)}>
      <Icon name="clock" size={14} /> {span(now.value - (one.since || one.ended))}
    </span>
  );
}
