/** Before anybody is in: the first set-up, or signing in. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { get, post, Refused } from "./api";
import { enter } from "./live";
import type { Me } from "./shapes";
import { NAMES, say, speak, tongue, TONGUES, type Tongue } from "./words";

const setup = signal<boolean | null>(null);
const trouble = signal("");
const busy = signal(false);

/** Whether somebody is signed in already. */
export async function knock(): Promise<void> {
  try {
    const state = await get<{ setup: boolean; signed_in?: boolean }>("/state");
    if (state.signed_in) await enter(await get<Me>("/me"));
    setup.value = state.setup;
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : String(error);
    setup.value = false;
  }
}

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const given = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, String(value)]));
  if (setup.value && given.password !== given.again) {
    trouble.value = say("passwords_differ");
    return;
  }
  delete given.again;
  busy.value = true;
  try {
    const found = await post<Me>(setup.value ? "/setup" : "/sign-in", given);
    trouble.value = "";
    setup.value = false; // whoever signs out comes to the other form
    await enter(found);
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : String(error);
    // Somebody else may have been the first meanwhile.
    if (error instanceof Refused && error.status === 409) setup.value = false;
  } finally {
    busy.value = false;
  }
}

export function Door() {
  useEffect(() => void (setup.value === null && knock()), []);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), [setup.value]);
  if (setup.value === null) return <main class="door" aria-busy="true" />;
  const making = setup.value;
  return (
    <main class="door">
      <form class="door-card" onSubmit={(event) => void submit(event)}>
        <h1>
          <img src="./icon.svg" alt="" width="36" height="36" />
          {say(making ? "welcome" : "sign_in_title")}
        </h1>
        {making && <p class="door-why">{say("setup_why")}</p>}
        {making && (
          <>
            <Field name="code" label={say("setup_code")} hint={say("setup_code_hint")} autocomplete="one-time-code" input={first} />
            <Field name="name" label={say("your_name")} hint={say("your_name_hint")} autocomplete="name" />
          </>
        )}
        <Field name="email" label={say("email")} type="email" autocomplete="username" input={making ? undefined : first} />
        <Field
          name="password"
          label={say("password")}
          hint={making ? say("password_hint") : ""}
          type="password"
          autocomplete={making ? "new-password" : "current-password"}
        />
        {making && <Field name="again" label={say("password_again")} type="password" autocomplete="new-password" />}
        {trouble.value && (
          <p class="door-trouble" role="alert">
            {trouble.value}
          </p>
        )}
        <button type="submit" class="button button-main" disabled={busy.value}>
          {say(making ? "set_up" : "sign_in")}
        </button>
        <label class="door-tongue">
          <span class="hidden-text">{say("language")}</span>
          <select value={tongue.value} onChange={(event) => speak(event.currentTarget.value as Tongue)}>
            {TONGUES.map((one) => (
              <option key={one} value={one}>
                {NAMES[one]}
              </option>
            ))}
          </select>
        </label>
      </form>
    </main>
  );
}

interface FieldProps {
  name: string;
  label: string;
  hint?: string;
  type?: "text" | "email" | "password";
  autocomplete: AutoFill;
  input?: preact.RefObject<HTMLInputElement | null> | undefined;
}

function Field({ name, label, hint = "", type = "text", autocomplete, input }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input ref={input} name={name} {...({ type } as { type: "text" })} autocomplete={autocomplete} required aria-describedby={hint ? `${name}-hint` : undefined} />
      {hint && <small id={`${name}-hint`}>{hint}</small>}
    </label>
  );
}
