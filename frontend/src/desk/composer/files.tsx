/** Files on their way to the customer: chosen, dropped or pasted, shown before they are sent. */

import { signal, type Signal } from "@preact/signals";
import { number, text } from "../../bubbles/read";
import { toast } from "../../toasts";
import { explain, name as quoted, post, put } from "../api";
import { Icon } from "../icons";
import { sizeOf } from "../said";
import type { Said, Upload } from "../shapes";
import { current, me } from "../state";
import { refusal, say } from "../words";
import { isHeic, posterOf, readable } from "./drawing";

export interface Waiting {
  id: number;
  name: string;
  size: number;
  kind: Upload["kind"];
  preview: string;
  state: "sending" | "ready" | "failed";
  reason: string;
  /** What the customer's phone may not play. */
  warning: string;
  data: Record<string, unknown>;
  /** What of a ready-made reply is no file. */
  said?: Said;
}

const all = new Map<string, Signal<readonly Waiting[]>>();
let last = 0;

export function waiting(session: string): Signal<readonly Waiting[]> {
  const found = all.get(session);
  if (found) return found;
  const made = signal<readonly Waiting[]>([]);
  all.set(session, made);
  return made;
}

/** Begins the name under which the files of a ready-made reply wait while it is edited. */
export const SHELF = "canned ";

/** As the server takes it. */
export const saidOf = (file: Waiting): Said => file.said ?? { kind: file.kind, data: file.data, ...(file.kind === "file" && { text: file.name }) };

/** What a ready-made reply brings along, ready to be sent with the next words. */
export function bring(session: string, messages: readonly Said[]): void {
  const brought = messages.map((said): Waiting => {
    const data = said.data ?? {};
    const file = typeof data.file === "string" ? data.file : "";
    const kind = (said.kind ?? "file") as Upload["kind"];
    return {
      id: ++last,
      name: text(data.name) || said.text || said.kind || "",
      size: number(data.size),
      kind,
      preview: file && ["image", "video"].includes(kind) ? `/desk/api/files/${quoted(file)}?preview=1` : "",
      state: "ready",
      reason: "",
      warning: "",
      data,
      ...(!file && { said }),
    };
  });
  waiting(session).value = [...waiting(session).value, ...brought];
}

export const dragged = (event: DragEvent): boolean => [...(event.dataTransfer?.types ?? [])].includes("Files");

export function pasted(session: string, event: ClipboardEvent): boolean {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length) void take(session, files);
  return files.length > 0;
}

const kindOf = (type: string): Upload["kind"] => {
  const [kind] = type.split("/");
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
};

/** Send files to the server, which says what LINE takes. */
export async function take(session: string, files: readonly File[]): Promise<void> {
  const streams = me.value?.workstreams ?? [];
  const stream = session.startsWith(SHELF) ? streams.find((one) => one.from_agent) : streams.find((one) => one.id === current.value?.workstream);
  const most = stream?.max_mb ?? 20;
  if (stream?.from_agent === false) {
    toast(say("no_files_here"), "bad");
    return;
  }
  await Promise.all(
    files.map(async (file) => {
      if (file.size > most * 1_000_000) {
        toast(say("file_too_large", file.name, most), "bad");
        return;
      }
      const preview = file.type.startsWith("image/") && !isHeic(file) ? URL.createObjectURL(file) : "";
      const one: Waiting = {
        id: ++last,
        name: file.name,
        size: file.size,
        kind: kindOf(file.type),
        preview,
        state: "sending",
        reason: "",
        warning: "",
        data: {},
      };
      waiting(session).value = [...waiting(session).value, one];
      try {
        const poster = file.type.startsWith("video/") ? posterOf(file) : null;
        const ready = await readable(file);
        const answer = await post<{ file?: Upload } & Upload>(`/files?name=${quoted(ready.name)}`, ready);
        const { token, kind, url, preview: small, duration, name, size, warning = "" } = answer.file ?? answer;
        const shown = kind === "video" ? await stand(token, await poster) : preview;
        change(session, one.id, { state: "ready", name, kind, warning, preview: shown, data: { file: token, url, name, size, ...(small && { preview: small }), ...(duration && { duration }) } });
      } catch (error) {
        change(session, one.id, { state: "failed", reason: explain(error) });
      }
    }),
  );
}

/** Have the drawn picture stand for a film; where it cannot be had, the server's own does. */
async function stand(token: string, poster: Blob | null): Promise<string> {
  if (!poster) return "";
  try {
    await put(`/files/${token}/poster`, poster);
    return URL.createObjectURL(poster);
  } catch {
    return "";
  }
}

function change(session: string, id: number, values: Partial<Waiting>): void {
  waiting(session).value = waiting(session).value.map((one) => (one.id === id ? { ...one, ...values } : one));
}

export function Files({ session }: { session: string }) {
  const found = waiting(session).value;
  if (!found.length) return null;
  return (
    <ul class="files" aria-label={say("files")}>
      {found.map((one) => (
        <li key={one.id} class={`is-${one.state}`}>
          {one.preview ? <img src={one.preview} alt="" /> : <Icon name="file" size={26} />}
          <span>
            <b>{one.name}</b>
            <small>{one.state === "failed" ? one.reason : one.state === "sending" ? say("file_on_its_way") : sizeOf(one.size)}</small>
            {one.warning && <small class="file-warning" role="status">{refusal(one.warning)}</small>}
          </span>
          <button
            type="button"
            class="button-plain"
            aria-label={say("remove_file", one.name)}
            onClick={() => {
              if (one.preview) URL.revokeObjectURL(one.preview);
              waiting(session).value = waiting(session).value.filter((other) => other.id !== one.id);
            }}
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
