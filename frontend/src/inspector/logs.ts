/** The log of requests and webhooks: what is kept of it, what is shown, and how a line becomes a command. */

import type { Logged } from "./shapes";

export const MOST = 1_000;

export interface Filter {
  way: "" | "api" | "webhook";
  status: "" | "ok" | "bad";
  text: string;
}

/** New lines on top of the known ones, newest first, each once. */
export function grown(known: readonly Logged[], found: readonly Logged[]): readonly Logged[] {
  const last = known[0]?.n ?? 0;
  const fresh = found.filter((one) => one.n > last).sort((a, b) => b.n - a.n);
  return fresh.length ? [...fresh, ...known].slice(0, MOST) : known;
}

export const fine = (one: Logged) => one.status >= 200 && one.status < 300;

export function fits(one: Logged, { way, status, text }: Filter): boolean {
  if (way && one.way !== way) return false;
  if (status && (status === "ok") !== fine(one)) return false;
  const wanted = text.trim().toLowerCase();
  return !wanted || wanted.split(/\s+/).every((word) => searched(one).includes(word));
}

const texts = new WeakMap<Logged, string>();

/** All that can be searched in a line, made once. */
function searched(one: Logged): string {
  let text = texts.get(one);
  if (text === undefined) {
    const parts = [one.method, one.path, one.status, one.outcome, one.bot, one.request_id];
    text = `${parts.join(" ")} ${JSON.stringify(one.request)} ${JSON.stringify(one.response)}`.toLowerCase();
    texts.set(one, text);
  }
  return text;
}

/** Ids of the events in a webhook's body. */
export function events(one: Logged): string[] {
  const body = one.request as { events?: { webhookEventId?: unknown }[] } | null;
  if (one.way !== "webhook" || !Array.isArray(body?.events)) return [];
  return body.events.map((event) => event.webhookEventId).filter((id) => typeof id === "string");
}

/** What an entry is about, in a few words. */
export function gist(one: Logged): string {
  const body = one.request as Record<string, unknown> | null;
  if (typeof body !== "object" || body === null) return "";
  const list = (one.way === "webhook" ? body.events : body.messages) as Record<string, unknown>[] | undefined;
  if (!Array.isArray(list)) return "";
  return list.map((item) => about(item)).join(" · ");
}

function about(item: Record<string, unknown>): string {
  const inner = (item.message ?? item.postback ?? item) as Record<string, unknown>;
  const kind = item.message ? inner.type : item.type;
  const words = inner.text ?? inner.altText ?? inner.data;
  return typeof words === "string" ? `${String(kind)} “${words.slice(0, 80)}”` : String(kind);
}

/** Quoted so that a POSIX shell takes it as it is. */
export const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const HIDDEN = "hidden";

/** The request as a command to paste. `base` is where paths without a host lie. */
export function curl(one: Logged, base: string, headers: Record<string, string>): string {
  const url = /^https?:/.test(one.path) ? one.path : base + one.path;
  const parts = ["curl", ...(one.method === "GET" ? [] : ["-X", one.method]), quoted(url)];
  const body = bodyOf(one);
  const all = body && !("content-type" in headers) ? { "content-type": "application/json", ...headers } : headers;
  for (const [name, value] of Object.entries(all)) parts.push("-H", quoted(`${name}: ${value}`));
  if (body) parts.push("--data-binary", quoted(body));
  return parts.join(" ");
}

/** The body as it is sent again: JSON without spaces, as the simulator writes it. */
export function bodyOf({ request }: Logged): string {
  if (request === "" || request === HIDDEN || request === null || request === undefined) return "";
  return typeof request === "string" ? request : JSON.stringify(request);
}

/** LINE's signature of a body: https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/ */
export async function signature(secret: string, body: string): Promise<string> {
  const coded = new TextEncoder();
  const use = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", coded.encode(secret), use, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, coded.encode(body)));
  return btoa(String.fromCharCode(...bytes));
}
