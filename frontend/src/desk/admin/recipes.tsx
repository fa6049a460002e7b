/** Macros, done by hand, and rules, done by themselves: both are lists of acts. */

import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { toast, told as trouble } from "../../toasts";
import { listOf, maybe, name, post, put, remove } from "../api";
import { Icon } from "../icons";
import { shelves } from "../live";
import type { Macro, Rule } from "../shapes";
import { agents, macros, me } from "../state";
import { say, told, worded, type Word } from "../words";

type Act = Record<string, unknown>;

/** What an act needs to know: a text, one of some things, or nothing. */
interface Form {
  do: string;
  word: Word;
  field: string;
  kind: "text" | "queue" | "agent" | "priority" | "labels" | "none";
}

const FORMS: readonly Form[] = [
  { do: "change", word: "priority", field: "priority", kind: "priority" },
  { do: "change", word: "labels", field: "labels", kind: "labels" },
  { do: "reply", word: "reply_text", field: "messages", kind: "text" },
  { do: "note", word: "note", field: "text", kind: "text" },
  { do: "transfer", word: "to_queue", field: "queue", kind: "queue" },
  { do: "transfer", word: "to_agent", field: "agent", kind: "agent" },
  { do: "park", word: "park", field: "", kind: "none" },
  { do: "wake", word: "wake", field: "", kind: "none" },
  { do: "resolve", word: "resolve", field: "", kind: "none" },
  { do: "done", word: "done", field: "", kind: "none" },
];

const formOf = (act: Act): Form | undefined => FORMS.find((form) => form.do === act.do && (!form.field || form.field in act));

function valueOf(act: Act, form: Form): string {
  const value = act[form.field];
  if (form.field === "messages") return String((value as { text?: string }[] | undefined)?.[0]?.text ?? "");
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

function actOf(form: Form, value: string): Act {
  if (form.kind === "none") return { do: form.do };
  if (form.field === "messages") return { do: form.do, messages: [{ kind: "text", text: value }] };
  if (form.kind === "labels") return { do: form.do, labels: value.split(",").map((one) => one.trim()).filter(Boolean) };
  return { do: form.do, [form.field]: value };
}

function Acts({ acts }: { acts: Signal<readonly Act[]> }) {
  const set = (at: number, act: Act): void => void (acts.value = acts.value.map((one, index) => (index === at ? act : one)));
  return (
    <fieldset class="acts">
      <legend>{say("does")}</legend>
      {acts.value.map((act, at) => {
        const form = formOf(act);
        return (
          <div key={at} class="act">
            <select
              aria-label={say("does")}
              value={form ? String(FORMS.indexOf(form)) : ""}
              onChange={(event) => {
                const next = FORMS[Number(event.currentTarget.value)];
                if (next) set(at, actOf(next, next.kind === "priority" ? "high" : ""));
              }}
            >
              {!form && <option value="">{String(act.do)}</option>}
              {FORMS.map((one, index) => (
                <option key={index} value={String(index)}>
                  {say(one.word)}
                </option>
              ))}
            </select>
            {form && form.kind !== "none" && <Value form={form} value={valueOf(act, form)} change={(value) => set(at, actOf(form, value))} />}
            <button type="button" class="button-plain" aria-label={say("delete")} onClick={() => (acts.value = acts.value.filter((_, index) => index !== at))}>
              <Icon name="close" size={15} />
            </button>
          </div>
        );
      })}
      <button type="button" class="button" onClick={() => (acts.value = [...acts.value, { do: "change", priority: "high" }])}>
        {say("add")}
      </button>
    </fieldset>
  );
}

function Value({ form, value, change }: { form: Form; value: string; change: (value: string) => void }) {
  const offered: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    queue: me.value?.queues.map((one) => [one.id, one.title] as const) ?? [],
    agent: agents.value.map((one) => [one.id, one.name] as const),
    priority: ["urgent", "high", "normal", "low"].map((one) => [one, told(`prio_${one}`)] as const),
  };
  const options = offered[form.kind];
  if (!options) return <input class="input" aria-label={say(form.word)} value={value} onInput={(event) => change(event.currentTarget.value)} />;
  return (
    <select aria-label={say(form.word)} value={value} onChange={(event) => change(event.currentTarget.value)}>
      <option value="" />
      {options.map(([id, title]) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
}

interface Thing {
  id: string;
  title: string;
}

function List<T extends Thing>({ all, chosen, add }: { all: readonly T[]; chosen: Signal<string>; add: string }) {
  return (
    <section>
      <button type="button" class="button button-main" onClick={() => (chosen.value = "+")}>
        {add}
      </button>
      <ul class="things">
        {all.map((one) => (
          <li key={one.id}>
            <button type="button" aria-current={chosen.value === one.id} onClick={() => (chosen.value = one.id)}>
              <span>{one.title}</span>
              {(one as { enabled?: boolean }).enabled === false && <small>{say("off")}</small>}
            </button>
          </li>
        ))}
      </ul>
      {!all.length && <p class="soft">{say("nothing_here")}</p>}
    </section>
  );
}

/** Keep a thing on its shelf; its id. */
async function keep(path: string, id: string | undefined, body: object): Promise<string> {
  try {
    const found = id ? await put<Thing>(`${path}/${name(id)}`, body) : await post<Thing>(path, body);
    toast(say("saved"), "good");
    return found.id ?? id ?? "";
  } catch (error) {
    trouble(error);
    return "";
  }
}

async function drop(path: string, id: string): Promise<void> {
  await remove(`${path}/${name(id)}`).catch(trouble);
}

export function Macros() {
  const chosen = useSignal("");
  useEffect(() => void shelves(), []);
  const one = macros.value.find((macro) => macro.id === chosen.value);
  return (
    <div class="columns">
      <List all={macros.value} chosen={chosen} add={say("add_macro")} />
      {(one || chosen.value === "+") && <EditMacro key={chosen.value} macro={one} chosen={chosen} />}
    </div>
  );
}

function EditMacro({ macro, chosen }: { macro: Macro | undefined; chosen: Signal<string> }) {
  const title = useSignal(macro?.title ?? "");
  const acts = useSignal<readonly Act[]>(macro?.acts ?? [{ do: "change", priority: "high" }]);
  const shared = useSignal(macro?.scope === "all");
  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const id = await keep("/macros", macro?.id, { title: title.value.trim(), acts: acts.value, scope: shared.value ? "all" : "mine" });
    await shelves();
    if (id) chosen.value = id;
  }
  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <label class="field">
        <span>{say("title")}</span>
        <input required maxLength={200} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
      </label>
      <Acts acts={acts} />
      <label class="tick">
        <input type="checkbox" checked={shared.value} onChange={(event) => (shared.value = event.currentTarget.checked)} />
        {say("for_everybody")}
      </label>
      <Foot there={Boolean(macro)} drop={() => void drop("/macros", macro?.id ?? "").then(shelves)} />
    </form>
  );
}

function Foot({ there, drop: away }: { there: boolean; drop: () => void }) {
  return (
    <footer class="card-foot">
      <button type="submit" class="button button-main">
        {say("save")}
      </button>
      {there && (
        <button type="button" class="button button-bad" onClick={away}>
          {say("delete")}
        </button>
      )}
    </footer>
  );
}

const EVENTS = ["case.queued", "case.assigned", "case.active", "case.waiting", "case.overdue", "case.unanswered", "case.resolved", "case.closed", "message.received", "survey.answered"];

export function Rules() {
  const all = useSignal<readonly Rule[]>([]);
  const chosen = useSignal("");
  const look = async (): Promise<void> => void (all.value = listOf<Rule>(await maybe<unknown>("/rules", []).catch(() => []), "rules", "items"));
  useEffect(() => void look(), []);
  const one = all.value.find((rule) => rule.id === chosen.value);
  return (
    <div class="columns">
      <List all={all.value} chosen={chosen} add={say("add_rule")} />
      {(one || chosen.value === "+") && <EditRule key={chosen.value} rule={one} chosen={chosen} look={look} />}
    </div>
  );
}

function EditRule({ rule, chosen, look }: { rule: Rule | undefined; chosen: Signal<string>; look: () => Promise<void> }) {
  const title = useSignal(rule?.title ?? "");
  const on = useSignal<readonly string[]>(rule?.on ?? ["case.queued"]);
  const when = useSignal(rule?.when ?? "");
  const enabled = useSignal(rule?.enabled ?? true);
  const acts = useSignal<readonly Act[]>(rule?.acts ?? [{ do: "change", priority: "high" }]);
  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const body = { title: title.value.trim(), on: on.value, when: when.value.trim(), acts: acts.value, enabled: enabled.value };
    const id = await keep("/rules", rule?.id, body);
    await look();
    if (id) chosen.value = id;
  }
  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <label class="field">
        <span>{say("title")}</span>
        <input required maxLength={200} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
      </label>
      <fieldset class="ticks">
        <legend>{say("when_happens")}</legend>
        {[...new Set([...EVENTS, ...on.value])].map((type) => (
          <label key={type} class="tick">
            <input
              type="checkbox"
              checked={on.value.includes(type)}
              onChange={() => (on.value = on.value.includes(type) ? on.value.filter((one) => one !== type) : [...on.value, type])}
            />
            <span title={type}>{worded(`when.${type}`, type)}</span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>{say("condition")}</span>
        <input placeholder={'case.language == "ja"'} value={when.value} onInput={(event) => (when.value = event.currentTarget.value)} />
      </label>
      <Acts acts={acts} />
      <label class="tick">
        <input type="checkbox" checked={enabled.value} onChange={(event) => (enabled.value = event.currentTarget.checked)} />
        {say("enabled")}
      </label>
      <Foot there={Boolean(rule)} drop={() => void drop("/rules", rule?.id ?? "").then(look)} />
    </form>
  );
}
