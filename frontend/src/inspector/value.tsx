/** One value to be changed in place. What is typed is read by the kind of value that was there. */

import { useState } from "preact/hooks";
import { kindOf, read, written, type Kind } from "./editing";
import { Json } from "./json";
import { Button } from "./kit";
import { say } from "./words";

interface Props {
  value: unknown;
  label: string;
  editing?: boolean;
  put: (value: unknown) => Promise<boolean>;
  drop?: () => Promise<boolean>;
}

export function ValueField(props: Props) {
  const [typing, setTyping] = useState(props.editing ?? false);
  const kind = kindOf(props.value);
  if (typing) return <Typing {...props} kind={kind} close={() => setTyping(false)} />;
  return (
    <>
      {kind === "yes/no" ? (
        <label class="insp-check-label">
          <input
            type="checkbox"
            aria-label={props.label}
            checked={props.value === true}
            onChange={(event) => void props.put(event.currentTarget.checked)}
          />
          {String(props.value)}
        </label>
      ) : (
        <Shown value={props.value} kind={kind} />
      )}
      <span class="insp-actions">
        {kind === "yes/no" ? null : (
          <Button kind="quiet" label={say("editThis", props.label)} onClick={() => setTyping(true)}>
            ✎
          </Button>
        )}
        {props.drop ? (
          <Button kind="quiet" label={say("removeThis", props.label)} onClick={props.drop}>
            ✕
          </Button>
        ) : null}
      </span>
    </>
  );
}

function Shown({ value, kind }: { value: unknown; kind: Kind }) {
  if (kind === "none") return <i class="insp-soft">{say("empty")}</i>;
  return <Json value={value} open={1} copy={false} />;
}

function Typing({ value, label, kind, put, close }: Props & { kind: Kind; close: () => void }) {
  const [typed, setTyped] = useState(written(value));
  const found = read(kind, typed);
  const long = kind === "json" || typed.includes("\n") || typed.length > 80;
  const wrong = found.ok ? "" : found.why === "number" ? say("noNumber") : say("noJson", found.line ?? 1);
  const save = async () => {
    if (found.ok && (await put(found.value))) close();
  };
  const field = {
    class: "input insp-mono",
    value: typed,
    "aria-label": label,
    "aria-invalid": !found.ok,
    ref: focus,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (!long || event.ctrlKey || event.metaKey)) void save();
    },
  };
  return (
    <span class="insp-typing">
      {long ? (
        <textarea {...field} rows={Math.min(14, typed.split("\n").length + 1)} onInput={(event) => setTyped(event.currentTarget.value)} />
      ) : (
        <input {...field} inputMode={kind === "number" ? "decimal" : "text"} onInput={(event) => setTyped(event.currentTarget.value)} />
      )}
      {wrong ? (
        <span class="insp-bad" role="alert">
          {wrong}
        </span>
      ) : null}
      <span class="insp-actions">
        <Button kind="main" disabled={!found.ok} onClick={save}>
          {say("save")}
        </Button>
        <Button kind="quiet" onClick={close}>
          {say("cancel")}
        </Button>
      </span>
    </span>
  );
}

/** Once, when the field appears. */
export function focus(node: HTMLElement | null): void {
  if (!node || node.dataset.begun) return;
  node.dataset.begun = "yes";
  node.focus();
}
