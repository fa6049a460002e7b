/** Accounts: who works here, in which queues, with what role, and new passwords. */

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { toast, told as trouble } from "../../toasts";
import { name, patch, post } from "../api";
import { team } from "../live";
import type { Agent, Role } from "../shapes";
import { agents, me, myId } from "../state";
import { queueTitle } from "../acts";
import { say, told } from "../words";

const NEW = "+";
const edited = signal("");
const ROLES: readonly Role[] = ["agent", "supervisor", "admin"];

export function Team() {
  useEffect(() => void team(), []);
  const one = agents.value.find((agent) => agent.id === edited.value);
  return (
    <div class="columns">
      <section>
        <button type="button" class="button button-main" onClick={() => (edited.value = NEW)}>
          {say("add_agent")}
        </button>
        <div class="table-box">
          <table class="table">
            <thead>
              <tr>
                <th>{say("agent")}</th>
                <th>{say("role")}</th>
                <th>{say("queues")}</th>
                <th class="is-number">{say("capacity")}</th>
              </tr>
            </thead>
            <tbody>
              {agents.value.map((agent) => (
                <tr key={agent.id} class={agent.state === "active" ? "" : "is-off"}>
                  <td>
                    <button type="button" class="link" onClick={() => (edited.value = agent.id)}>
                      {agent.name}
                    </button>
                    <small class="soft"> {agent.email}</small>
                    {agent.state !== "active" && <i> ({say("inactive")})</i>}
                  </td>
                  <td>{told(`role_${agent.role}`)}</td>
                  <td>{agent.queues.map(queueTitle).join(", ") || "–"}</td>
                  <td class="is-number">
                    {agent.load}/{agent.capacity}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {(one || edited.value === NEW) && <Edit key={edited.value} agent={one} />}
    </div>
  );
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

function Edit({ agent }: { agent: Agent | undefined }) {
  const email = useSignal(agent?.email ?? "");
  const called = useSignal(agent?.name ?? "");
  const role = useSignal<Role>(agent?.role ?? "agent");
  const queues = useSignal<readonly string[]>(agent?.queues ?? me.value?.queues.map((queue) => queue.id) ?? []);
  const languages = useSignal(agent?.languages.join(", ") ?? "");
  const skills = useSignal(agent?.skills.join(", ") ?? "");
  const capacity = useSignal(agent?.capacity ?? 5);
  const password = useSignal("");

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const body = {
      name: called.value.trim(),
      role: role.value,
      queues: [...queues.value],
      languages: words(languages.value),
      skills: words(skills.value),
      capacity: capacity.value,
    };
    try {
      if (agent) await patch(`/agents/${name(agent.id)}`, body);
      else await post("/agents", { ...body, email: email.value.trim(), password: password.value });
      await team();
      toast(say("saved"), "good");
      if (!agent) edited.value = "";
    } catch (error) {
      trouble(error);
    }
  }

  async function reset(): Promise<void> {
    if (!agent) return;
    try {
      await post(`/agents/${name(agent.id)}/password`, { password: password.value });
      password.value = "";
      toast(say("password_changed"), "good");
    } catch (error) {
      trouble(error);
    }
  }

  async function activate(active: boolean): Promise<void> {
    if (!agent) return;
    try {
      await patch(`/agents/${name(agent.id)}`, { state: active ? "active" : "inactive" });
      await team();
    } catch (error) {
      trouble(error);
    }
  }

  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <h2>{agent ? agent.name : say("add_agent")}</h2>
      {!agent && (
        <label class="field">
          <span>{say("email")}</span>
          <input type="email" required value={email.value} onInput={(event) => (email.value = event.currentTarget.value)} />
        </label>
      )}
      <label class="field">
        <span>{say("your_name")}</span>
        <input required maxLength={80} value={called.value} onInput={(event) => (called.value = event.currentTarget.value)} />
      </label>
      {!agent && (
        <label class="field">
          <span>{say("first_password")}</span>
          <input type="text" autocomplete="off" required value={password.value} onInput={(event) => (password.value = event.currentTarget.value)} />
          <small>{say("password_hint")}</small>
        </label>
      )}
      <label class="field">
        <span>{say("role")}</span>
        <select value={role.value} onChange={(event) => (role.value = event.currentTarget.value as Role)}>
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {told(`role_${one}`)}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="ticks">
        <legend>{say("queues")}</legend>
        {me.value?.queues.map((queue) => (
          <label key={queue.id} class="tick">
            <input
              type="checkbox"
              checked={queues.value.includes(queue.id)}
              onChange={() => (queues.value = queues.value.includes(queue.id) ? queues.value.filter((id) => id !== queue.id) : [...queues.value, queue.id])}
            />
            {queue.title}
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>{say("languages")}</span>
        <input placeholder="en, ja" value={languages.value} onInput={(event) => (languages.value = event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{say("skills")}</span>
        <input value={skills.value} onInput={(event) => (skills.value = event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{say("capacity")}</span>
        <input type="number" min={1} max={100} value={capacity.value} onInput={(event) => (capacity.value = event.currentTarget.valueAsNumber || 1)} />
      </label>
      <footer class="card-foot">
        <button type="submit" class="button button-main">
          {say("save")}
        </button>
        {agent && agent.id !== myId.value && (
          <button type="button" class="button button-bad" onClick={() => void activate(agent.state !== "active")}>
            {say(agent.state === "active" ? "deactivate" : "activate")}
          </button>
        )}
      </footer>
      {agent && (
        <div class="card-more">
          <label class="field">
            <span>{say("new_password")}</span>
            <input type="text" autocomplete="off" value={password.value} onInput={(event) => (password.value = event.currentTarget.value)} />
          </label>
          <button type="button" class="button" disabled={!password.value} onClick={() => void reset()}>
            {say("reset_password")}
          </button>
        </div>
      )}
    </form>
  );
}
