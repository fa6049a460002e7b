/** Events that are no messages: postbacks by hand, beacons, account links, memberships, blocking, and any other. */

import { useState } from "preact/hooks";
import { chat, me } from "../state";
import { toast } from "../toasts";
import { happen } from "./acts";
import { KINDS, bodyOf, type FieldOf } from "./kinds";
import { say } from "./words";

export function EventForm({ close }: { close: () => void }) {
  const group = !chat.value.startsWith("U");
  const kinds = KINDS.filter((one) => one.groups || !group);
  const [name, setName] = useState("postback");
  const [values, setValues] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState(false);
  const kind = kinds.find((one) => one.kind === name) ?? kinds[0]!;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    let body: Record<string, unknown>;
    try {
      body = bodyOf(kind.fields, values);
    } catch {
      return setWrong(true);
    }
    const user = kind.kind === "postback" && group ? { user: me.value } : {};
    if (await happen(kind.kind, { ...body, ...user })) {
      toast(say("event_sent"), "good");
      close();
    }
  }

  return (
    <form class="picker" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>{say("kind")}</span>
        <select
          data-focus
          value={kind.kind}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setValues({});
            setWrong(false);
          }}
        >
          {kinds.map((one) => (
            <option key={one.kind} value={one.kind}>
              {say(one.word)}
            </option>
          ))}
        </select>
      </label>
      {kind.fields.map((field) => (
        <Field
          key={`${kind.kind} ${field.name}`}
          field={field}
          value={values[field.name] ?? field.value}
          set={(value) => {
            setWrong(false);
            setValues({ ...values, [field.name]: value });
          }}
        />
      ))}
      {wrong && (
        <p class="sheet-bad" role="alert">
          {say("bad_json")}
        </p>
      )}
      <div class="sheet-row sheet-end">
        <button class="button button-main">{say("send")}</button>
      </div>
    </form>
  );
}

function Field({ field, value, set }: { field: FieldOf; value: string; set: (value: string) => void }) {
  return (
    <label class="field">
      <span>{say(field.word)}</span>
      {field.choices ? (
        <select value={value} onChange={(event) => set(event.currentTarget.value)}>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : field.lines ? (
        <textarea rows={field.lines} value={value} spellcheck={false} onInput={(event) => set(event.currentTarget.value)} />
      ) : (
        <input value={value} inputMode={field.number ? "numeric" : "text"} onInput={(event) => set(event.currentTarget.value)} />
      )}
    </label>
  );
}
