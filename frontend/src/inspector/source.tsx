/** The drawer with a piece of a project file: where a bubble, a step or a finding comes from. */

import { useEffect, useState } from "preact/hooks";
import { get } from "../api";
import { edition, path } from "./bench";
import { padding } from "./caret";
import { Button, Copy, Empty, looking, openEditor } from "./kit";
import type { Excerpt } from "./shapes";
import { say } from "./words";

export function Drawer() {
  const at = looking.value;
  if (!at) return null;
  return (
    <section class="insp-drawer" aria-label={say("source")} onKeyDown={(event) => event.key === "Escape" && (looking.value = null)}>
      <header>
        <span class="insp-mono">
          {at.file}:{at.line}
        </span>
        <span class="insp-actions">
          <Copy text={`${at.file}:${at.line}`} words={say("copyPath")} />
          <Button kind="quiet" onClick={() => openEditor(at.file, at.line)}>
            {say("openEditor")}
          </Button>
          <Button kind="quiet" label={say("close")} onClick={() => (looking.value = null)}>
            ✕
          </Button>
        </span>
      </header>
      <Source file={at.file} line={at.line} />
    </section>
  );
}

const AROUND = 8;

/** Lines around one that is marked; fetched again when the files were taken up anew. */
export function Source({ file, line }: { file: string; line: number }) {
  const [found, setFound] = useState<Excerpt | string | null>(null);
  const as = edition.value;
  useEffect(() => {
    let here = true;
    get<Excerpt>(path("/source", { file, line, around: AROUND })).then(
      (excerpt) => here && setFound(excerpt),
      (error: Error) => here && setFound(error.message),
    );
    return () => {
      here = false;
    };
  }, [file, line, as]);
  if (found === null) return <Empty>…</Empty>;
  if (typeof found === "string") return <Empty>{found}</Empty>;
  return <Lines lines={found.lines.map((text, index) => ({ line: found.from + index, text }))} at={line} />;
}

/** Numbered lines, one of them marked, with a caret under `column` if there is one. */
export function Lines({ lines, at, column }: { lines: { line: number; text: string }[]; at: number; column?: number | undefined }) {
  return (
    <pre class="insp-lines">
      {lines.map(({ line, text }) => (
        <div key={line} class={line === at ? "insp-line insp-line-at" : "insp-line"}>
          <span class="insp-line-number">{line}</span>
          <code>
            {text || " "}
            {line === at && column ? <i class="insp-caret">{`\n${padding(text, column)}^`}</i> : null}
          </code>
        </div>
      ))}
    </pre>
  );
}
