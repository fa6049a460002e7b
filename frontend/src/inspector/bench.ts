/** The workbench behind the page: whether there is one, what it says of the project, and its one stream. */

import { effect, signal, untracked } from "@preact/signals";
import { follow, get, Refused, type Change } from "../api";
import { media } from "../state";
import type { Finding, Overview, Reload, RuntimeState, Turn } from "./shapes";

export const WORKBENCH = "/workbench";

/** `none`: this is `noren simulator`, with a bot that somebody else runs. */
export const bench = signal<"unknown" | "none" | "there">("unknown");
export const overview = signal<Overview | null>(null);
export const findings = signal<readonly Finding[]>([]);
/** How the last reload went; `null` until there is one. */
export const reloaded = signal<Reload | null>(null);
/** The last reload that happened while somebody looked. */
export const witnessed = signal<Reload | null>(null);
export const runtime = signal<RuntimeState>("running");
/** Milliseconds that every event waits before its turn, for a bot that is slow on purpose. */
export const slowness = signal(0);
/** The session of the chat in view: turns of others are not sent to this page. */
export const key = signal("");
export const progress = signal<{ running: boolean; done: number; total: number } | null>(null);
export const live = signal(false);
/** Rises with each successful reload: pictures and sources are fetched anew. */
export const edition = signal(0);

type Hearing = { turn: (turn: Turn) => void; session: (key: string) => void; again: () => void };
const hearing: Hearing[] = [];

/** Hear of turns and sessions, and of a stream that stands again after a break. */
export function onTurns(one: Hearing): void {
  hearing.push(one);
}

const KINDS = ["turn", "session", "reload", "findings", "runtime", "tests"] as const;
const HEARD: Record<(typeof KINDS)[number], (data: unknown) => void> = {
  turn: (data) => hearing.forEach((one) => one.turn(data as Turn)),
  session: (data) => hearing.forEach((one) => one.session((data as { key: string }).key)),
  reload: (data) => {
    took(data as Reload);
    witnessed.value = data as Reload;
  },
  findings: (data) => (findings.value = (data as { findings: Finding[] }).findings),
  runtime: (data) => ran(data as Overview["runtime"]),
  tests: (data) => (progress.value = data as { running: boolean; done: number; total: number }),
};

function ran({ state, slow }: Overview["runtime"]): void {
  runtime.value = state;
  if (slow !== undefined) slowness.value = slow;
}

let rev = 0;

function took(reload: Reload): void {
  reloaded.value = reload;
  if (!reload.ok) return;
  edition.value++;
  void look();
}

/** Do something soon, once for all that asks for it until then; what asks again and again does not put it off. */
export function gathered(work: () => void, ms: number): () => void {
  let due = 0;
  return () => {
    due ||= window.setTimeout(() => {
      due = 0;
      work();
    }, ms);
  };
}

function change(heard: Change): void {
  rev = Math.max(rev, heard.rev || 0);
  HEARD[heard.kind as (typeof KINDS)[number]]?.(heard.data);
}

/** Ask what there is. A 404 means that nobody has a workbench here; anything else is tried again later. */
async function look(): Promise<void> {
  try {
    const found = await get<Overview>(WORKBENCH);
    rev = found.rev || 0; // the server may be another one by now, and count anew
    overview.value = found;
    ran(found.runtime);
    media.value = found.media;
    bench.value = "there";
    if (found.reload && found.reload.at !== reloaded.value?.at) took(found.reload);
    findings.value = (await get<{ findings: Finding[] }>(`${WORKBENCH}/findings`)).findings;
  } catch (error) {
    if (error instanceof Refused && error.status === 404 && bench.value === "unknown") bench.value = "none";
  }
}

/**
 * Keep in touch until the returned function is called. A page in the background lets its stream go: browsers allow
 * six connections to a server, and a forgotten tab should not take one.
 */
export function begin(): () => void {
  let stop: (() => void) | null = null;
  let broken = false;
  let of = "";
  const open = () => {
    const state = (up: boolean) => {
      live.value = up;
      if (up && broken) resume();
      broken = !up;
    };
    close();
    stop = follow(path("/stream", { session: key.value }), KINDS, change, state, rev);
  };
  const close = () => {
    stop?.();
    stop = null;
  };
  const resume = () => {
    void look();
    hearing.forEach((one) => one.again());
  };
  const shown = () => {
    if (document.hidden) return close();
    if (bench.value !== "there" || stop) return;
    // what happened meanwhile is asked for, not heard again
    void look().then(() => document.hidden || open());
    hearing.forEach((one) => one.again());
  };
  document.addEventListener("visibilitychange", shown);
  const again = setInterval(() => {
    if (bench.value === "unknown") void look();
  }, 2_000);
  const watch = effect(() => {
    // while another session is looked up there is none: the stream of the last one goes on until then
    if (bench.value !== "there" || document.hidden || (stop && (!key.value || key.value === of))) return;
    of = key.value;
    untracked(open);
  });
  void look();
  return () => {
    document.removeEventListener("visibilitychange", shown);
    clearInterval(again);
    watch();
    close();
  };
}

/** The address of a workbench path with its query; empty values are left out. */
export function path(below: string, query: Record<string, string | number | undefined> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const asked = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${WORKBENCH}${below}${asked ? `?${asked}` : ""}`;
}
