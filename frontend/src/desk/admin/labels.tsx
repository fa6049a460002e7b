/** Labels for everybody: their names, their colours, and which are given no more. */

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { toast, told as trouble } from "../../toasts";
import { name, post, put, remove } from "../api";
import { Label } from "../label";
import { tags } from "../live";
import type { Tag } from "../shapes";
import { kept, labels } from "../state";
import { say, told } from "../words";

const COLOURS = ["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"] as const;
const NEW = "+";
const edited = signal("");

export function LabelsAdmin() {
  useEffect(() => void tags(), []);
  const one = kept.value.find((tag) => tag.id === edited.value);
  const loose = labels.value.filter((title) => !kept.value.some((tag) => tag.title === title));
  const fresh = edited.value.startsWith(NEW);
  return (
    <div class="columns">
      <section>
        <button type="button" class="button button-main" onClick={() => (edited.value = NEW)}>
          {say("add_label")}
        </button>
        <ul class="things">
          {kept.value.map((tag) => (
            <li key={tag.id}>
              <button type="button" aria-current={edited.value === tag.id} onClick={() => (edited.value = tag.id)}>
                <Label name={tag.title} />
                <span>{tag.was.length > 0 && <small class="soft">{say("label_was", tag.was.join(", "))}</small>}</span>
                {tag.retired && <small>{say("retired")}</small>}
              </button>
            </li>
          ))}
        </ul>
        {loose.length > 0 && <h2>{say("labels_loose")}</h2>}
        <div class="labels">
          {loose.map((title) => (
            <button key={title} type="button" class="label" aria-current={edited.value === NEW + title} onClick={() => (edited.value = NEW + title)}>
              {title}
            </button>
          ))}
        </div>
        {!kept.value.length && !loose.length && <p class="soft">{say("no_labels")}</p>}
      </section>
      {(one || fresh) && <Edit key={edited.value} tag={one} title={fresh ? edited.value.slice(1) : ""} />}
    </div>
  );
}

function Edit({ tag, title: named }: { tag: Tag | undefined; title: string }) {
  const title = useSignal(tag?.title ?? named);
  const colour = useSignal<string>(tag?.colour ?? "blue");
  const retired = useSignal(tag?.retired ?? false);

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const body = { title: title.value.trim(), colour: colour.value, retired: retired.value };
    try {
      const found = await (tag ? put<Tag & { cases: number }>(`/labels/${name(tag.id)}`, body) : post<Tag & { cases: number }>("/labels", body));
      await tags();
      edited.value = found.id;
      toast(found.cases ? say("label_renamed", found.cases) : say("saved"), "good");
    } catch (error) {
      trouble(error);
    }
  }

  async function drop(): Promise<void> {
    if (!tag) return;
    await remove(`/labels/${name(tag.id)}`).catch(trouble);
    edited.value = "";
    await tags();
  }

  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <label class="field">
        <span>{say("title")}</span>
        <input required maxLength={40} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
        {tag && <small>{say("label_rename_hint")}</small>}
      </label>
      <fieldset class="hues">
        <legend>{say("colour")}</legend>
        {COLOURS.map((one) => (
          <label key={one} class="hue" title={told(`colour_${one}`)}>
            <input type="radio" name="colour" value={one} checked={colour.value === one} onChange={() => (colour.value = one)} aria-label={told(`colour_${one}`)} />
            <span class={`label is-${one}`} aria-hidden="true">
              {title.value.trim() || told(`colour_${one}`)}
            </span>
          </label>
        ))}
      </fieldset>
      {tag && (
        <label class="tick">
          <input type="checkbox" checked={retired.value} onChange={(event) => (retired.value = event.currentTarget.checked)} />
          {say("retire")}
        </label>
      )}
      <footer class="card-foot">
        <button type="submit" class="button button-main">
          {say("save")}
        </button>
        {tag && (
          <button type="button" class="button button-bad" onClick={() => void drop()}>
            {say("delete")}
          </button>
        )}
      </footer>
    </form>
  );
}
