/** Ready-made replies: a code, and the words in each language. */

import { signal, useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { toast, told as trouble } from "../../toasts";
import { name, post, put, remove } from "../api";
import { bring, Files, saidOf, SHELF, take, waiting } from "../composer/files";
import { Choices, choices } from "../composer/quick";
import { textOf } from "../composer/replies";
import { Icon } from "../icons";
import { shelves } from "../live";
import type { Canned } from "../shapes";
import { canned, leads, me } from "../state";
import { LONGEST } from "../timeline";
import { NAMES, say, told, tongue, TONGUES } from "../words";

const NEW = "+";
const edited = signal("");

export function CannedReplies() {
  useEffect(() => void shelves(), []);
  const one = canned.value.find((reply) => reply.id === edited.value);
  return (
    <div class="columns">
      <section>
        <button type="button" class="button button-main" onClick={() => (edited.value = NEW)}>
          {say("add_reply")}
        </button>
        <ul class="things">
          {canned.value.map((reply) => (
            <li key={reply.id}>
              <button type="button" aria-current={edited.value === reply.id} onClick={() => (edited.value = reply.id)}>
                <code>/{reply.code}</code>
                <span>{reply.title || textOf(reply, tongue.value)}</span>
                <small>{told(`scope_${reply.scope ?? "mine"}`)}</small>
              </button>
            </li>
          ))}
        </ul>
        {!canned.value.length && <p class="soft">{say("no_canned")}</p>}
      </section>
      {(one || edited.value === NEW) && <Edit key={edited.value} reply={one} />}
    </div>
  );
}

function Edit({ reply }: { reply: Canned | undefined }) {
  const code = useSignal(reply?.code ?? "");
  const title = useSignal(reply?.title ?? "");
  const texts = useSignal<Readonly<Record<string, string>>>(reply?.texts ?? {});
  const scope = useSignal(reply?.scope ?? "mine");
  const queue = useSignal(reply?.queue ?? "");
  const place = `${SHELF}${reply?.id ?? NEW}`;
  useState(() => {
    waiting(place).value = [];
    choices(place).value = reply?.quick ?? [];
    bring(place, reply?.messages ?? []);
  });
  const languages = [...new Set([...TONGUES, ...Object.keys(texts.value)])];

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const kept = Object.fromEntries(Object.entries(texts.value).filter(([, text]) => text.trim()));
    const body = {
      code: code.value.trim(),
      title: title.value.trim(),
      texts: kept,
      scope: scope.value,
      ...(scope.value === "queue" && { queue: queue.value }),
      messages: waiting(place).value.filter((file) => file.state === "ready").map(saidOf),
      quick: [...choices(place).value],
    };
    if (waiting(place).value.some((file) => file.state === "sending")) {
      toast(say("file_on_its_way"));
      return;
    }
    try {
      if (reply) await put(`/canned/${name(reply.id)}`, body);
      else edited.value = (await post<Canned>("/canned", body)).id;
      await shelves();
      toast(say("saved"), "good");
    } catch (error) {
      trouble(error);
    }
  }

  async function drop(): Promise<void> {
    if (!reply) return;
    try {
      await remove(`/canned/${name(reply.id)}`);
      edited.value = "";
      await shelves();
    } catch (error) {
      trouble(error);
    }
  }

  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <label class="field">
        <span>{say("code")}</span>
        <input required pattern="\S+" maxLength={40} placeholder="hello" value={code.value} onInput={(event) => (code.value = event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{say("title")}</span>
        <input maxLength={200} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
      </label>
      {languages.map((language) => (
        <label key={language} class="field">
          <span>{NAMES[language as keyof typeof NAMES] ?? language}</span>
          <textarea
            rows={texts.value[language] ? 3 : 1}
            maxLength={LONGEST}
            lang={language}
            value={texts.value[language] ?? ""}
            onInput={(event) => (texts.value = { ...texts.value, [language]: event.currentTarget.value })}
          />
        </label>
      ))}
      <div class="field">
        <span>{say("brings")}</span>
        <Files session={place} />
        <label class="button canned-attach">
          <Icon name="clip" size={16} /> {say("attach")}
          <input
            type="file"
            multiple
            class="hidden-text"
            onChange={(event) => {
              void take(place, [...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <Choices session={place} />
      </div>
      <p class="soft">{say("canned_variables", "{{ customer }}, {{ agent }}, {{ queue }}, {{ today }}")}</p>
      <label class="field">
        <span>{say("for_whom")}</span>
        <select value={scope.value} onChange={(event) => (scope.value = event.currentTarget.value)}>
          {(leads.value ? ["mine", "queue", "all"] : ["mine"]).map((one) => (
            <option key={one} value={one}>
              {told(`scope_${one}`)}
            </option>
          ))}
        </select>
      </label>
      {scope.value === "queue" && (
        <label class="field">
          <span>{say("queue")}</span>
          <select required value={queue.value} onChange={(event) => (queue.value = event.currentTarget.value)}>
            <option value="" />
            {me.value?.queues.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </select>
        </label>
      )}
      <footer class="card-foot">
        <button type="submit" class="button button-main">
          {say("save")}
        </button>
        {reply && (
          <button type="button" class="button button-bad" onClick={() => void drop()}>
            {say("delete")}
          </button>
        )}
      </footer>
    </form>
  );
}
