/** Administration: the team, ready-made replies, labels, macros, rules, and who did what. */

import { signal } from "@preact/signals";
import { leads, rules } from "../state";
import { say, type Word } from "../words";
import "./admin.css";
import { Audit } from "./audit";
import { LabelsAdmin } from "./labels";
import { CannedReplies } from "./replies";
import { Macros, Rules } from "./recipes";
import { Team } from "./team";

type Tab = "team" | "canned" | "labels" | "macros" | "rules" | "audit";
const tab = signal<Tab>("canned");

const TABS: readonly (readonly [Tab, Word, () => boolean])[] = [
  ["team", "agents", () => rules.value],
  ["canned", "canned_replies", () => true],
  ["labels", "labels", () => leads.value],
  ["macros", "macros", () => leads.value],
  ["rules", "rules", () => rules.value],
  ["audit", "audit", () => rules.value],
];

export function Admin() {
  const shown = tab.value;
  return (
    <main class="desk-page" aria-label={say("administration")}>
      <h1>{say("administration")}</h1>
      <div class="tabs" role="tablist">
        {TABS.filter(([, , may]) => may()).map(([id, word]) => (
          <button key={id} type="button" role="tab" aria-selected={shown === id} onClick={() => (tab.value = id)}>
            {say(word)}
          </button>
        ))}
      </div>
      {shown === "team" && <Team />}
      {shown === "canned" && <CannedReplies />}
      {shown === "labels" && <LabelsAdmin />}
      {shown === "macros" && <Macros />}
      {shown === "rules" && <Rules />}
      {shown === "audit" && <Audit />}
    </main>
  );
}
