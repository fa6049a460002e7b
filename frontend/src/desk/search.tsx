/** Searching everything the server keeps: words, cases, people. The list's own rows are narrowed while typing. */

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { open } from "./acts";
import { get, name, explain } from "./api";
import type { Summary } from "./shapes";
import { putAll, sieve } from "./state";
import { moment, say } from "./words";

/** What is searched for on the server; empty: nothing. */
export const searching = signal("");

/** To the whole list, not to what of it has the words that were searched for. */
function back(): void {
  searching.value = "";
  sieve.value = { ...sieve.value, words: "" };
}

interface Hits {
  messages?: { case?: string; session: string; at: number; by?: string; who?: string; excerpt?: string; text?: string }[];
  cases?: Summary[];
  people?: { session: string; name: string; case?: string }[];
}

export function Found() {
  const hits = useSignal<Hits | null>(null);
  const trouble = useSignal("");
  useEffect(() => {
    hits.value = null;
    get<Hits>(`/search?q=${name(searching.value)}&limit=30`).then(
      (found) => {
        putAll(found.cases ?? []);
        hits.value = found;
        trouble.value = "";
      },
      (error: unknown) => (trouble.value = explain(error)),
    );
  }, [searching.value]);
  const found = hits.value;
  const empty = found && !found.cases?.length && !found.messages?.length && !found.people?.length;
  return (
    <div class="list-rows found" role="region" aria-label={say("search")} aria-live="polite">
      <p class="found-for">
        {say("found_for", searching.value)}
        <button type="button" class="button-plain" onClick={back}>
          {say("back_to_list")}
        </button>
      </p>
      {trouble.value && <p class="list-nothing">{trouble.value}</p>}
      {empty && <p class="list-nothing">{say("nothing_found")}</p>}
      {found?.cases?.length ? <h2>{say("cases")}</h2> : null}
      {found?.cases?.map((one) => (
        <button key={one.id} type="button" class="hit" onClick={() => open(one.id)}>
          <b>{one.subject}</b>
          <span>{one.last}</span>
          <time>{moment(one.changed)}</time>
        </button>
      ))}
      {found?.messages?.length ? <h2>{say("messages")}</h2> : null}
      {found?.messages?.map((one, index) => (
        <button key={index} type="button" class="hit" disabled={!one.case} onClick={() => one.case && open(one.case)}>
          <span>{one.excerpt ?? one.text}</span>
          <time>{moment(one.at)}</time>
        </button>
      ))}
      {found?.people?.length ? <h2>{say("people")}</h2> : null}
      {found?.people?.map((one) => (
        <button key={one.session} type="button" class="hit" disabled={!one.case} onClick={() => one.case && open(one.case)}>
          <b>{one.name}</b>
        </button>
      ))}
    </div>
  );
}
