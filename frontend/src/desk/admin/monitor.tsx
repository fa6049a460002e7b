/** For supervisors: what waits where, who is there with how much, and every live case. */

import { useEffect } from "preact/hooks";
import { act, open, queueTitle } from "../acts";
import { belongs, span, type Known } from "../cases";
import { load, team } from "../live";
import { agentName, agents, counts, known, me, now } from "../state";
import { Wait } from "../list";
import { say, told } from "../words";
import "./admin.css";

export function Monitor() {
  useEffect(() => {
    const look = (): void => void Promise.all([load({ kind: "all" }), team()]);
    look();
    const timer = setInterval(look, 15_000);
    return () => clearInterval(timer);
  }, []);
  const live = known.value.filter((one) => belongs({ kind: "all" }, one, ""));
  const waits = live.filter((one) => belongs({ kind: "waiting" }, one, ""));
  const oldest = Math.min(...waits.map((one) => one.queued || one.opened), now.value);
  const late = live.filter((one) => one.owed && !belongs({ kind: "waiting" }, one, ""));
  return (
    <main class="desk-page" aria-label={say("monitor")}>
      <h1>{say("monitor")}</h1>
      <div class="tiles">
        <Tile word={say("waiting")} value={waits.length} />
        <Tile word={say("longest_wait")} value={waits.length ? span(now.value - oldest) : "–"} />
        <Tile word={say("open_cases")} value={live.length} />
        <Tile word={say("owed_answers")} value={late.length} />
        <Tile word={say("agents_online")} value={agents.value.filter((one) => one.status === "online").length} />
      </div>
      <div class="columns">
        <section>
          <h2>{say("queues")}</h2>
          <table class="table">
            <thead>
              <tr>
                <th>{say("queue")}</th>
                <th class="is-number">{say("waiting")}</th>
                <th class="is-number">{say("agents_online")}</th>
              </tr>
            </thead>
            <tbody>
              {me.value?.queues.map((queue) => (
                <tr key={queue.id}>
                  <td>{queue.title}</td>
                  <td class="is-number">{counts.value.queue[queue.id] ?? 0}</td>
                  <td class="is-number">{agents.value.filter((one) => one.status === "online" && one.queues.includes(queue.id)).length}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <h2>{say("agents")}</h2>
          <table class="table">
            <thead>
              <tr>
                <th>{say("agent")}</th>
                <th>{say("status")}</th>
                <th class="is-number">{say("load")}</th>
              </tr>
            </thead>
            <tbody>
              {agents.value
                .filter((one) => one.state === "active")
                .map((one) => (
                  <tr key={one.id}>
                    <td>
                      {one.name} <small class="soft">{one.queues.map(queueTitle).join(", ")}</small>
                    </td>
                    <td>
                      <span class={`presence-dot is-${one.status}`} /> {told(`is_${one.status}`)}
                      {one.since > 0 && <small class="soft"> {say("seen_since", span(now.value - one.since))}</small>}
                    </td>
                    <td class="is-number">
                      <meter min={0} max={one.capacity} value={one.load} /> {one.load}/{one.capacity}
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
        <section>
          <h2>{say("open_cases")}</h2>
          <Cases all={live} />
        </section>
      </div>
    </main>
  );
}

export function Tile({ word, value }: { word: string; value: string | number }) {
  return (
    <div class="tile">
      <b>{value}</b>
      <span>{word}</span>
    </div>
  );
}

function Cases({ all }: { all: readonly Known[] }) {
  const sorted = [...all].sort((a, b) => Number(!a.owed) - Number(!b.owed) || a.owed - b.owed).slice(0, 200);
  if (!sorted.length) return <p class="soft">{say("nothing_here")}</p>;
  return (
    <div class="table-box">
      <table class="table">
        <thead>
          <tr>
            <th>{say("customer")}</th>
            <th>{say("state")}</th>
            <th>{say("agent")}</th>
            <th class="is-number">{say("waits")}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.id}>
              <td>
                <button type="button" class="link" onClick={() => open(one.id)}>
                  {one.subject || one.id}
                </button>{" "}
                <small class="soft">{queueTitle(one.queue)}</small>
              </td>
              <td>{told(`state_${one.state}`)}</td>
              <td>
                <select
                  aria-label={say("assign_of", one.subject)}
                  value={one.agent}
                  onChange={(event) => {
                    const to = event.currentTarget.value;
                    if (to) void act(one.id, "assign", { agent: to, agent_name: agentName(to) });
                  }}
                >
                  <option value="">–</option>
                  {agents.value.map((agent) => (
                    <option key={agent.id} value={agent.id}>
                      {agent.name}
                    </option>
                  ))}
                </select>
              </td>
              <td class="is-number">
                <Wait one={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
