/** JSON as people read it: indented, coloured, folded where it is long. All of it is text, whoever wrote it. */

import { useState } from "preact/hooks";
import { Copy } from "./kit";
import { say } from "./words";

const DEEP = 3;
const MANY = 25;
const LONG = 300;

export function Json({ value, open = DEEP, copy = true }: { value: unknown; open?: number; copy?: boolean }) {
  return (
    <div class="insp-json">
      <Node value={value} left={open} />
      {copy && typeof value === "object" && value !== null ? (
        <span class="insp-json-copy">
          <Copy text={() => JSON.stringify(value, null, 2)} />
        </span>
      ) : null}
    </div>
  );
}

function Node({ value, left }: { value: unknown; left: number }) {
  if (Array.isArray(value)) {
    return <Branch ends="[]" rows={value.map((item) => [null, item])} left={left} />;
  }
  if (typeof value === "object" && value !== null) {
    return <Branch ends="{}" rows={Object.entries(value)} left={left} />;
  }
  return <Leaf value={value} />;
}

function Leaf({ value }: { value: unknown }) {
  const [all, setAll] = useState(false);
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  const kind = value === null || value === undefined ? "none" : typeof value;
  if (all || text.length <= LONG) return <span class={`insp-json-${kind}`}>{text}</span>;
  return (
    <span class={`insp-json-${kind}`}>
      {text.slice(0, LONG)}
      <button type="button" class="insp-more" onClick={() => setAll(true)}>
        {say("moreSigns", text.length - LONG)}
      </button>
    </span>
  );
}

const BRIEF = 72;

/** Short lists and objects stand in one line. */
function brief(rows: (readonly [string | null, unknown])[]): boolean {
  if (rows.length > 8 || rows.some(([, item]) => typeof item === "object" && item !== null)) return false;
  return JSON.stringify(rows).length < BRIEF;
}

function Brief({ ends, rows }: { ends: string; rows: (readonly [string | null, unknown])[] }) {
  return (
    <span>
      {ends[0]}
      {rows.map(([name, item], index) => (
        <span key={name ?? index}>
          {index ? ", " : ""}
          {name === null ? null : <span class="insp-json-name">{name}: </span>}
          <Leaf value={item} />
        </span>
      ))}
      {ends[1]}
    </span>
  );
}

function Branch({ ends, rows, left }: { ends: string; rows: (readonly [string | null, unknown])[]; left: number }) {
  const [open, setOpen] = useState(left > 0);
  const [most, setMost] = useState(MANY);
  if (!rows.length) return <span>{ends}</span>;
  if (brief(rows)) return <Brief ends={ends} rows={rows} />;
  if (!open) {
    return (
      <button type="button" class="insp-json-fold" aria-expanded={false} onClick={() => setOpen(true)}>
        {ends[0]}…{ends[1]} <i>{rows.length}</i>
      </button>
    );
  }
  return (
    <>
      <button type="button" class="insp-json-fold" aria-expanded={true} aria-label={say("fold")} onClick={() => setOpen(false)}>
        {ends[0]}
      </button>
      <div class="insp-json-rows">
        {rows.slice(0, most).map(([name, item], index) => (
          <div key={name ?? index}>
            {name === null ? null : <span class="insp-json-name">{name}: </span>}
            <Node value={item} left={left - 1} />
          </div>
        ))}
        {rows.length > most ? (
          <button type="button" class="insp-more" onClick={() => setMost(most + 500)}>
            {say("moreRows", rows.length - most)}
          </button>
        ) : null}
      </div>
      <span>{ends[1]}</span>
    </>
  );
}
