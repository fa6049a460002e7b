/** Buttons under the next message that say what stands on them. LINE takes 13, each of 20 characters. */

import { signal, useSignal, type Signal } from "@preact/signals";
import { Icon } from "../icons";
import { say } from "../words";

export const MOST = 13;
const LONGEST = 20;
const all = new Map<string, Signal<readonly string[]>>();

export function choices(session: string): Signal<readonly string[]> {
  const found = all.get(session);
  if (found) return found;
  const made = signal<readonly string[]>([]);
  all.set(session, made);
  return made;
}

export function Choices({ session }: { session: string }) {
  const found = choices(session);
  const typed = useSignal("");
  const add = (): void => {
    const label = typed.value.trim();
    if (!label || found.value.includes(label) || found.value.length >= MOST) return;
    found.value = [...found.value, label];
    typed.value = "";
  };
  return (
    <div class="choices" role="group" aria-label={say("quick_replies")}>
      {found.value.map((label) => (
        <span key={label} class="choice">
          {label}
          <button type="button" aria-label={say("remove_choice", label)} onClick={() => (found.value = found.value.filter((one) => one !== label))}>
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      <input
        class="input"
        maxLength={LONGEST}
        placeholder={say("choice_hint")}
        aria-label={say("choice_hint")}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          event.stopPropagation();
          add();
        }}
      />
      <button type="button" class="button" disabled={found.value.length >= MOST} onClick={add}>
        {say("add")}
      </button>
    </div>
  );
}
