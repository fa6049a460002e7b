/** Who did what, newest first. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get, listOf, explain } from "../api";
import { agentName } from "../state";
import { moment, say, told, worded } from "../words";

interface Line {
  seq?: number;
  id?: number;
  at: number;
  agent?: string;
  actor?: string;
  act?: string;
  what?: string;
  type?: string;
  address?: string;
  data?: unknown;
}

const acted = (line: Line): string => line.act ?? line.what ?? line.type ?? "";

/** `agent` by name, roles and states in words, the rest as it is. */
function details(data: unknown): string {
  const pairs = Object.entries((data ?? {}) as Record<string, unknown>);
  return pairs
    .map(([key, value]) => {
      const shown = typeof value === "string" ? value : JSON.stringify(value);
      if (key === "agent") return agentName(shown);
      return key === "role" ? told(`role_${shown}`) : key === "id" ? shown.slice(0, 12) : shown;
    })
    .join(" · ");
}

export function Audit() {
  const lines = useSignal<readonly Line[]>([]);
  const trouble = useSignal("");
  const more = useSignal(false);
  async function look(before = 0): Promise<void> {
    try {
      const found = listOf<Line>(await get<unknown>(`/audit?limit=100${before ? `&before=${before}` : ""}`), "audit", "items");
      lines.value = before ? [...lines.value, ...found] : found;
      more.value = found.length === 100;
    } catch (error) {
      trouble.value = explain(error);
    }
  }
  useEffect(() => void look(), []);
  const last = lines.value.at(-1);
  return (
    <section>
      {trouble.value && <p class="soft">{trouble.value}</p>}
      <div class="table-box">
        <table class="table">
          <thead>
            <tr>
              <th>{say("when")}</th>
              <th>{say("who")}</th>
              <th>{say("what")}</th>
              <th>{say("details")}</th>
              <th>{say("address")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.value.map((line, at) => (
              <tr key={line.seq ?? line.id ?? at}>
                <td>{moment(line.at)}</td>
                <td>{agentName(line.agent ?? line.actor ?? "") || "–"}</td>
                <td>
                  <span title={acted(line)}>{worded(`did.${acted(line)}`, acted(line))}</span>
                </td>
                <td>
                  <small>{details(line.data)}</small>
                </td>
                <td>{line.address}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more.value && (
        <button type="button" class="button" onClick={() => void look(last?.seq ?? last?.id ?? last?.at ?? 0)}>
          {say("load_older")}
        </button>
      )}
    </section>
  );
}
