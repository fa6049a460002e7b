/** What a reload said: a broken edit lies over the page until it is mended, a good one passes as a note. */

import { effect, signal, untracked } from "@preact/signals";
import { toast } from "../toasts";
import { findings, reloaded, witnessed } from "./bench";
import { Card } from "./findings";
import { Button, short } from "./kit";
import { say } from "./words";
import "./overlay.css";

/** The failed reload that was put aside, by its time. */
const aside = signal(0);

export function followReloads(): () => void {
  return effect(() => {
    const last = witnessed.value;
    if (last?.ok) untracked(() => toast(say("reloaded", last.files.map(short).join(", "), Math.round(last.ms)), "good"));
  });
}

export function Overlay() {
  const last = reloaded.value;
  if (!last || last.ok) return null;
  const found = (last.findings ?? findings.value).filter((one) => one.severity === "error");
  if (aside.value === last.at) {
    return (
      <button type="button" class="overlay-pill" onClick={() => (aside.value = 0)}>
        {say("brokenPill", found.length)}
      </button>
    );
  }
  return (
    <section
      class="overlay"
      role="alert"
      aria-label={say("brokenHead")}
      onKeyDown={(event) => event.key === "Escape" && (aside.value = last.at)}
    >
      <header>
        <b>{say("brokenHead")}</b>
        <span class="insp-soft insp-mono">{last.files.map(short).join(", ")}</span>
        <span class="insp-grow" />
        <Button kind="quiet" label={say("putAside")} onClick={() => (aside.value = last.at)}>
          ✕
        </Button>
      </header>
      <div class="overlay-findings">
        {found.map((one, index) => (
          <Card key={index} one={one} />
        ))}
      </div>
      <footer>{say("lastGood")}</footer>
    </section>
  );
}
