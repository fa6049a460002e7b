/** The simulator's control API and, under `noren dev`, the workbench API beside it. Shapes as the servers send them. */

export const BASE = "/simulator/api";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

/** JSON in, JSON out. Throws `Refused` with the server's own words. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(BASE + path, init);
  } catch {
    throw new Refused(0, "the server does not answer");
  }
  const text = await response.text();
  const data = read(text);
  if (!response.ok) {
    const told = data as { detail?: string; title?: string } | null;
    throw new Refused(response.status, told?.detail ?? told?.title ?? response.statusText);
  }
  return data as T;
}

/** A server that does not know the path answers in plain words. */
function read(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return { detail: text };
  }
}

export const get = <T>(path: string): Promise<T> => ask<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => ask<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => ask<T>("PATCH", path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => ask<T>("PUT", path, body);
export const remove = <T>(path: string): Promise<T> => ask<T>("DELETE", path);

export interface Change {
  rev: number;
  kind: string;
  data: unknown;
}

/**
 * Follow a stream of server-sent events until the returned function is called. `state` hears whether it stands. After
 * a break it goes on with what is new then, as the server may be another one: whoever needs what came in between asks
 * for it when `state` hears true again. `after`: the rev to begin after, else now.
 */
export function follow(
  path: string,
  kinds: readonly string[],
  heard: (change: Change) => void,
  state: (up: boolean) => void,
  after?: number,
): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  open(after === undefined ? path : `${path}${path.includes("?") ? "&" : "?"}after=${after}`);
  return () => {
    clearTimeout(timer);
    source.close();
  };

  function open(at: string): void {
    source = new EventSource(BASE + at);
    source.onopen = () => state(true);
    source.onerror = () => {
      // The browser's own retry ends for good when a server in between answers with an error.
      source.close();
      state(false);
      clearTimeout(timer);
      timer = setTimeout(open, 1000, path);
    };
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => {
        const message = event as MessageEvent<string>;
        heard({ rev: Number(message.lastEventId), kind, data: JSON.parse(message.data) });
      });
    }
  }
}
