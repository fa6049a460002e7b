/** Loading what is in view and keeping it as the stream tells. */

import { batch, effect } from "@preact/signals";
import { entries, media } from "../state";
import { carry, follow, get, listOf, maybe, name, whenLost } from "./api";
import { alertFor } from "./alerts";
import { keyOf, type View } from "./cases";
import { openDrafts } from "./drafts";
import { recall, settled, whenSent } from "./outbox";
import { subscribe } from "./push";
import type { Agent, Canned, Counts, Detail, Elsewhere, Macro, Me, Note, Presence, Quota, Row, SavedView, Summary, Tag } from "./shapes";
import * as state from "./state";
import { itemOf, merge } from "./timeline";
import { toast } from "../toasts";
import { say } from "./words";

// On a machine of its own the runtime has no certificate, but its media have addresses as if: they are fetched from here.
if (location.protocol === "http:") media.value = { from: `https://${location.host}/`, to: `${location.origin}/` };

let leave: () => void = () => undefined;

/** Somebody is in: everything begins. */
export async function enter(found: Me): Promise<void> {
  carry(found.csrf);
  batch(() => {
    state.me.value = found;
    state.status.value = found.status;
    state.quotas.value = found.quota ?? [];
  });
  openDrafts(found.agent.id);
  leave();
  leave = follow(["hello", "note", "case", "presence", "typing", "quota"], heard, stands);
  recall();
  void elsewhere();
  // News end with the sign-in that asked for them.
  const wanted = state.habits.peek().notify && "Notification" in window && Notification.permission === "granted";
  if (wanted && found.push?.key) void subscribe(found.push.key).catch(() => undefined);
  await Promise.all([load(state.view.value), load({ kind: "offers" }), team(), shelves(), tags()]);
}

export function gone(): void {
  leave();
  leave = () => undefined;
  openDrafts("");
  batch(() => {
    state.me.value = null;
    state.selected.value = "";
    state.detail.value = null;
    state.over.value = "";
  });
  state.forget();
}
whenLost(gone);

let broke = false;
function stands(up: boolean): void {
  state.connected.value = up;
  if (!up) broke = true;
}

/** The stream begins: what happened before, or while it was broken, is asked for. */
function caughtUp(): void {
  void Promise.all([load(state.view.peek()), load({ kind: "offers" }), load({ kind: "mine" })]);
  const one = state.current.peek();
  if (one) void chat(one.session);
  void whetherThere();
  if (broke) void team();
  broke = false;
}

/** Whoever was away for long is no longer offered anything, and has to know; queues may have changed too. */
async function whetherThere(): Promise<void> {
  const found = await get<Me>("/me").catch(() => null);
  const before = state.me.peek();
  if (found && before && JSON.stringify(found.queues) !== JSON.stringify(before.queues)) state.me.value = found;
  if (!found || found.status === state.status.peek()) return;
  state.status.value = found.status;
  if (found.status === "offline") toast(say("not_online"), "bad");
}

function heard({ kind, data }: { kind: string; data: unknown }): void {
  switch (kind) {
    case "hello":
      state.ahead.value = (data as { now: number }).now - Date.now();
      state.now.value = state.serverNow();
      caughtUp();
      break;
    case "case":
      if ((data as { gone?: boolean }).gone) state.drop((data as Summary).id);
      else state.put(data as Summary);
      break;
    case "note":
      noted(data as Note);
      break;
    case "presence": {
      const found = data as Presence;
      const { agent, status, since } = found;
      state.agents.value = state.agents.value.map((one) => (one.id === agent ? { ...one, status, since } : one));
      if (agent === state.myId.value) seenAs(found);
      acquainted(agent);
      break;
    }
    case "typing": {
      const { case: id, agent } = data as { case: string; agent: string };
      if (agent !== state.myId.value) {
        state.writing.value = { ...state.writing.value, [id]: { agent, until: state.serverNow() + 6000 } };
      }
      break;
    }
    case "quota": {
      const quota = data as Quota;
      state.quotas.value = [...state.quotas.value.filter((one) => one.endpoint !== quota.endpoint), quota];
      break;
    }
  }
}

/** I am seen otherwise than this page knew: said in another window, set by the server, or it had not heard of me. */
function seenAs({ status, chosen, dropped }: Presence): void {
  const before = state.status.peek();
  if (dropped && before !== "offline") toast(say("taken_for_gone"), "bad");
  if (status === "leaving" || status === before) return;
  state.status.value = status;
  if (status === "offline" && chosen !== "offline") toast(say("taken_for_gone"), "bad");
  else toast(say("status_now", say(`is_${status}`)));
}

function noted(note: Note): void {
  const one = state.current.peek();
  alertFor(note);
  acquainted(note.actor.kind === "agent" || note.actor.kind === "supervisor" ? (note.actor.id ?? "") : "");
  if (one?.session === note.session) {
    soon(`chat ${note.session}`, 30, () => chat(note.session));
    if (/^(message\.|case\.|survey|control)/.test(note.type)) soon("detail", 120, () => detail(one.id));
  }
}

/** Colleagues may be new since the page was loaded. */
function acquainted(agent: string): void {
  if (agent && !state.agents.peek().some((one) => one.id === agent)) soon("team", 300, team);
}

const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** Once, a little later, however often it is asked for meanwhile; never more than one at a time is put off. */
function soon(key: string, after: number, work: () => unknown): void {
  if (timers.has(key)) return;
  timers.set(
    key,
    setTimeout(() => {
      timers.delete(key);
      void work();
    }, after),
  );
}

/** A view's cases, from the server. */
export async function load(view: View, before = 0): Promise<number> {
  const query = new URLSearchParams({ limit: ["closed", "offline", "all"].includes(view.kind) ? "100" : "500" });
  if (view.kind === "saved") for (const [key, value] of Object.entries(view.filter)) query.set(key, value);
  else if (view.kind === "bot") return 0;
  else query.set("view", view.kind);
  if (view.kind === "queue") query.set("queue", view.queue);
  if (before) query.set("before", String(before));
  try {
    const found = await get<{ cases: Summary[]; counts: Counts }>(`/cases?${query}`);
    state.putAll(found.cases);
    state.counts.value = found.counts;
    return found.cases.length;
  } catch {
    return 0; // the line at the top tells when the server is away
  }
}

async function tally(): Promise<void> {
  const found = await get<{ counts: Counts }>("/cases?view=mine&limit=1").catch(() => null);
  if (found) state.counts.value = found.counts;
}

export async function team(): Promise<void> {
  const found = listOf<Agent>(await get("/agents").catch(() => []), "agents");
  state.agents.value = found.sort((a, b) => a.name.localeCompare(b.name));
}

const ELSEWHERE = 30_000;
setInterval(() => void elsewhere(), ELSEWHERE);

/** Whether there is an answer from where people work elsewhere. */
async function elsewhere(): Promise<void> {
  if (!state.leads.peek()) {
    state.silent.value = [];
    return;
  }
  const found = listOf<Elsewhere>(await maybe("/providers", []).catch(() => []), "providers");
  state.silent.value = found.filter((one) => !one.up);
}

/** Ready-made things; parts the server does not have are empty. */
export async function shelves(): Promise<void> {
  const [canned, macros, views] = await Promise.all(
    ["/canned", "/macros", "/views"].map((path) => maybe<unknown>(path, []).catch(() => [])),
  );
  batch(() => {
    state.canned.value = listOf<Canned>(canned, "canned", "items");
    state.macros.value = listOf<Macro>(macros, "macros", "items");
    state.saved.value = listOf<SavedView>(views, "views", "items");
  });
}

/** Labels of the administration, and those given lately. */
export async function tags(): Promise<void> {
  const found = await maybe<{ labels?: string[]; items?: Tag[] }>("/labels", {}).catch(() => null);
  if (!found) return;
  batch(() => {
    state.kept.value = found.items ?? [];
    state.lately.value = found.labels ?? [];
  });
}

const asked = new Map<string, number>();

/** The newest lines of a chat. */
export async function chat(session: string): Promise<void> {
  const mine = (asked.get(session) ?? 0) + 1;
  asked.set(session, mine);
  const found = await get<{ items: Row[]; more: boolean }>(`/chats/${name(session)}/timeline?limit=60`).catch(() => null);
  if (!found || asked.get(session) !== mine) return;
  const at = state.chatOf(session);
  const fresh = found.items.map((line) => itemOf(line, session));
  batch(() => {
    if (!at.loaded.value) at.more.value = found.more;
    at.items.value = merge(at.items.value, fresh);
    at.loaded.value = true;
    settled(session);
  });
  // What is on its way to LINE tells nobody when it has arrived.
  if (fresh.some((item) => item.state === "waiting")) soon(`chat ${session}`, 800, () => chat(session));
}
whenSent((session) => soon(`chat ${session}`, 30, () => chat(session)));

/** Lines above those that are there. */
export async function older(session: string): Promise<void> {
  const at = state.chatOf(session);
  const first = at.items.value[0];
  if (!first || !at.more.value) return;
  const query = `before=${first.at}&before_seq=${first.seq}&limit=100`;
  const found = await get<{ items: Row[]; more: boolean }>(`/chats/${name(session)}/timeline?${query}`).catch(() => null);
  if (!found) return;
  batch(() => {
    at.items.value = merge(at.items.value, found.items.map((line) => itemOf(line, session)));
    at.more.value = found.more;
  });
}

async function detail(id: string): Promise<void> {
  const found = await get<Detail>(`/cases/${name(id)}`).catch(() => null);
  if (!found || state.selected.peek() !== id) return;
  state.put(found.case);
  state.detail.value = found;
}

effect(() => {
  if (state.me.value) void load(state.view.value);
});

effect(() => {
  const id = state.selected.value;
  if (!id || !state.me.value) {
    state.detail.value = null;
    return;
  }
  if (state.detail.peek()?.case.id !== id) state.detail.value = null;
  void detail(id).then(() => {
    const one = state.caseOf(id)?.peek();
    if (one) void chat(one.session);
  });
  const one = state.caseOf(id)?.peek();
  if (one) void chat(one.session);
});

effect(() => {
  void state.placed.value;
  if (state.me.peek()) soon("counts", 300, tally);
});

// Quotes and sets of photos look for what they belong to in the chat in view.
effect(() => {
  const one = state.current.value;
  entries.value = one ? state.chatOf(one.session).items.value.flatMap((item) => (item.entry ? [item.entry] : [])) : [];
});

export const show = (view: View): void => {
  if (keyOf(view) !== keyOf(state.view.value)) state.checked.value = new Set();
  batch(() => {
    state.view.value = view;
    state.page.value = "inbox";
    state.pane.value = "list";
  });
};
