/** The desk's API: JSON both ways, the token of `GET /me` on every change, and the stream of news. */

import { refusal, say } from "./words";

export const BASE = "/desk/api";

/** `detail` is what the server wrote, `message` the same in the language of the page. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(refusal(detail));
  }
}

let token = "";
/** The token that every change carries; whoever signed in sets it. */
export const carry = (csrf: string): void => void (token = csrf);

/** Called when the server no longer knows us. */
let lost: () => void = () => undefined;
export const whenLost = (act: () => void): void => void (lost = act);

const OPEN = ["/sign-in", "/setup", "/state", "/me"];

/** Throws `Refused` with the server's own words; status 0 when it does not answer. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (method !== "GET") headers["x-noren-csrf"] = token;
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body instanceof Blob) {
    init.body = body;
    headers["content-type"] = body.type || "application/octet-stream";
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    headers["content-type"] = "application/json";
  }
  let response: Response;
  try {
    response = await fetch(BASE + path, init);
  } catch {
    throw new Refused(0, "the server does not answer");
  }
  const data = read(await response.text());
  if (response.ok) return data as T;
  if (response.status === 401 && !OPEN.includes(path)) lost();
  const told = data as { detail?: string; title?: string } | null;
  throw new Refused(response.status, told?.detail || told?.title || response.statusText || String(response.status));
}

function read(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return { detail: text.slice(0, 200) };
  }
}

export const get = <T>(path: string): Promise<T> => ask<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => ask<T>("POST", path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => ask<T>("PUT", path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => ask<T>("PATCH", path, body);
export const remove = <T>(path: string): Promise<T> => ask<T>("DELETE", path);

/** What went wrong, in words; a part that this server does not have is told as such. */
export function explain(error: unknown): string {
  if (error instanceof Refused && error.status === 404 && error.detail === "Not Found") return say("not_there_yet");
  return error instanceof Error ? error.message : String(error);
}

/** What a part of the server that may not be there answers; `otherwise` when it is not. */
export async function maybe<T>(path: string, otherwise: T): Promise<T> {
  try {
    return await get<T>(path);
  } catch (error) {
    if (error instanceof Refused && [403, 404, 405, 501].includes(error.status)) return otherwise;
    throw error;
  }
}

export const name = (part: string): string => encodeURIComponent(part);

/** A list that comes bare or under a name. */
export function listOf<T>(found: unknown, ...names: string[]): T[] {
  if (Array.isArray(found)) return found as T[];
  const box = (found ?? {}) as Record<string, unknown>;
  for (const one of names) if (Array.isArray(box[one])) return box[one] as T[];
  return [];
}

/** A name for an act, so that the server does it once however often it is told. */
export const once = (): string => crypto.getRandomValues(new Uint32Array(3)).reduce((all, n) => all + n.toString(36), "");

export interface News {
  kind: string;
  id: number;
  data: unknown;
}

/** Milliseconds before the first try after a break: within half a second the server counts nobody as gone. */
const SOON = 100;

/** Follow the stream until the returned function is called; after a break it goes on where it stopped. */
export function follow(
  kinds: readonly string[],
  heard: (news: News) => void,
  state: (up: boolean) => void,
): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let pause = SOON;
  // A stream whose network is gone may stay silent for minutes before the browser notices.
  addEventListener("offline", broken);
  addEventListener("online", open);
  open();
  return () => {
    removeEventListener("offline", broken);
    removeEventListener("online", open);
    clearTimeout(timer);
    source?.close();
  };

  function broken(): void {
    // The browser's own retry gives up for good when a proxy answers with an error.
    source?.close();
    state(false);
    // Whoever was signed out elsewhere has to be told; a stream cannot say why it was refused.
    void fetch(`${BASE}/me`, { credentials: "same-origin" }).then((answer) => answer.status === 401 && lost(), () => undefined);
    clearTimeout(timer);
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, 10_000);
  }

  function open(): void {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`${BASE}/stream${last ? `?after=${last}` : ""}`);
    source.onopen = () => {
      pause = SOON;
      state(true);
    };
    source.onerror = broken;
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => {
        const message = event as MessageEvent<string>;
        const id = Number(message.lastEventId) || 0;
        if (id) last = Math.max(last, id);
        heard({ kind, id, data: JSON.parse(message.data) as unknown });
      });
    }
  }
}
