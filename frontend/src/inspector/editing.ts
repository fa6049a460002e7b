/** Changing values of a session in place: what a text that was typed means, and what to send for it. */

export type Kind = "text" | "number" | "yes/no" | "none" | "json";

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return "none";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "yes/no" : "json";
}

/** A value as it stands in the field where it is edited. */
export function written(value: unknown): string {
  const kind = kindOf(value);
  if (kind === "none") return "";
  return kind === "json" ? JSON.stringify(value, null, 2) : String(value);
}

export type Read = { ok: true; value: unknown } | { ok: false; why: "number" | "json"; line?: number };

/** What was typed, as the kind of value it stands for. Text stays text, whatever it looks like. */
export function read(kind: Kind, typed: string): Read {
  if (kind === "text") return { ok: true, value: typed };
  if (kind === "none") return typed === "" ? { ok: true, value: null } : guessed(typed);
  if (kind === "yes/no") return { ok: true, value: typed === "true" };
  if (kind === "number") {
    const number = Number(typed);
    return typed.trim() && Number.isFinite(number) ? { ok: true, value: number } : { ok: false, why: "number" };
  }
  try {
    return { ok: true, value: JSON.parse(typed) as unknown };
  } catch (error) {
    return { ok: false, why: "json", line: place(typed, error) };
  }
}

/** For a place that was empty: JSON if it is JSON, else the text itself. */
export function guessed(typed: string): Read {
  try {
    return { ok: true, value: JSON.parse(typed) as unknown };
  } catch {
    return { ok: true, value: typed };
  }
}

function place(typed: string, error: unknown): number {
  const told = /position (\d+)/.exec(String(error))?.[1];
  const at = told === undefined ? typed.length : Number(told);
  return typed.slice(0, at).split("\n").length;
}

export type Part = "vars" | "kept" | "profile" | "storage";

/** The body that puts one value into a session; `undefined` removes it. */
export function patched(part: Part, flow: string, name: string, value: unknown): Record<string, unknown> {
  const given = { [name]: value === undefined ? null : value };
  return { [part]: part === "vars" ? { [flow]: given } : given };
}

export interface Edit {
  session: string;
  label: string;
  back: Record<string, unknown>;
}

/** The way back from an edit: what was there before. */
export function undoing(session: string, part: Part, flow: string, name: string, before: unknown): Edit {
  const label = part === "vars" ? `${flow}.${name}` : `${part}.${name}`;
  return { session, label, back: patched(part, flow, name, before) };
}
