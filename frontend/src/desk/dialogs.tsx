/** What lies over the page: one dialog at a time, by name. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { told as trouble } from "../toasts";
import { act, queueTitle } from "./acts";
import { maybe, name as quoted, post, remove } from "./api";
import { type Known } from "./cases";
import { Palette } from "./commands";
import "./dialogs.css";
import { Area, close, Frame, Option } from "./frame";
import { Help } from "./help";
import { Icon } from "./icons";
import { hue } from "./label";
import { shelves, show, tags } from "./live";
import { agentName, agents, current, labels, me, now, over, sieve, view } from "./state";
import { moment, say, told, type Word } from "./words";

export function Dialogs() {
  const one = current.value;
  switch (over.value) {
    case "palette":
      return <Palette />;
    case "help":
      return <Help />;
    case "save_view":
      return <SaveView />;
    case "forget_view":
      return <ForgetView />;
  }
  if (!one) return null;
  switch (over.value) {
    case "transfer":
      return <Transfer one={one} />;
    case "assign":
      return <Assign one={one} />;
    case "snooze":
      return <Snooze one={one} />;
    case "resolve":
      return <Resolve one={one} />;
    case "priority":
      return <PriorityOf one={one} />;
    case "labels":
      return <Labels one={one} />;
    case "rename":
      return <Rename one={one} />;
    case "whisper":
      return <Whisper one={one} />;
    default:
      return null;
  }
}

/** Queues and colleagues, narrowed by typing; who is there stands first. */
function Transfer({ one }: { one: Known }) {
  const to = useSignal("");
  const words = useSignal("");
  const note = useSignal("");
  const fit = (title: string): boolean => title.toLowerCase().includes(words.value.toLowerCase());
  const rank = { online: 0, busy: 1, away: 2, leaving: 3, offline: 4 };
  const people = agents.value
    .filter((agent) => agent.state === "active" && agent.id !== one.agent && fit(agent.name))
    .sort((a, b) => rank[a.status] - rank[b.status] || a.load / a.capacity - b.load / b.capacity);
  const go = (): Promise<boolean> => {
    const [kind, id] = to.value.split(/:(.*)/s);
    const target = kind === "queue" ? { queue: id } : { agent: id, agent_name: agentName(id ?? "") };
    return act(one.id, "transfer", { ...target, ...(note.value.trim() && { note: note.value.trim() }) });
  };
  return (
    <Frame title={say("transfer_of", one.subject)} act={go} label={say("transfer")} ready={to.value !== ""}>
      <input class="input" data-focus placeholder={say("who_or_where")} aria-label={say("who_or_where")} value={words.value} onInput={(event) => (words.value = event.currentTarget.value)} />
      <div class="pick" role="radiogroup" aria-label={say("who_or_where")}>
        {me.value?.queues
          .filter((queue) => fit(queue.title))
          .map((queue) => (
            <Option key={queue.id} value={`queue:${queue.id}`} to={to}>
              <Icon name="queue" size={16} /> {queue.title} {queue.id === one.queue && <small>{say("here_now")}</small>}
            </Option>
          ))}
        {people.map((agent) => (
          <Option key={agent.id} value={`agent:${agent.id}`} to={to}>
            <span class={`presence-dot is-${agent.status}`} /> {agent.name}
            <small>
              {told(`is_${agent.status}`)} · {agent.load}/{agent.capacity}
            </small>
          </Option>
        ))}
      </div>
      <Area label={say("note_for_colleague")} value={note.value} change={(value) => (note.value = value)} />
    </Frame>
  );
}

function Assign({ one }: { one: Known }) {
  const to = useSignal("");
  const people = agents.value.filter((agent) => agent.state === "active" && agent.id !== one.agent);
  return (
    <Frame title={say("assign_of", one.subject)} act={() => act(one.id, "assign", { agent: to.value, agent_name: agentName(to.value) })} label={say("assign")} ready={to.value !== ""}>
      <div class="pick" role="radiogroup" aria-label={say("agent")}>
        {people.map((agent) => (
          <Option key={agent.id} value={agent.id} to={to}>
            <span class={`presence-dot is-${agent.status}`} /> {agent.name}
            <small>
              {told(`is_${agent.status}`)} · {agent.load}/{agent.capacity}
            </small>
          </Option>
        ))}
      </div>
    </Frame>
  );
}

const HOUR = 3_600_000;

/** When it comes back: soon, tomorrow morning, next week. */
export function presets(at: number): readonly (readonly [Word, number])[] {
  const morning = (days: number): number => {
    const date = new Date(at);
    date.setDate(date.getDate() + days);
    date.setHours(9, 0, 0, 0);
    return date.getTime();
  };
  const weekday = new Date(at).getDay();
  return [
    ["in_1h", at + HOUR],
    ["in_3h", at + 3 * HOUR],
    ["tomorrow", morning(1)],
    ["monday", morning((8 - weekday) % 7 || 7)],
  ];
}

function Snooze({ one }: { one: Known }) {
  const own = useSignal("");
  const until = (at: number): Promise<boolean> => act(one.id, "snooze", { until: Math.round(at) });
  const chosen = own.value ? new Date(own.value).getTime() : 0;
  return (
    <Frame title={say("snooze_of", one.subject)} act={() => until(chosen)} label={say("snooze")} ready={chosen > now.value}>
      <p class="soft">{say("snooze_why")}</p>
      <div class="presets">
        {presets(now.peek()).map(([word, at], index) => (
          <button key={word} type="button" class="button" data-focus={index === 0 || undefined} onClick={() => void until(at).then((done) => done && over.peek() === "snooze" && close())}>
            {say(word)} <small>{moment(at)}</small>
          </button>
        ))}
      </div>
      <label class="field">
        <span>{say("until")}</span>
        <input type="datetime-local" value={own.value} onInput={(event) => (own.value = event.currentTarget.value)} />
      </label>
    </Frame>
  );
}

/** Where the bot may go on when it gets the chat back. */
interface Entrance {
  target: string;
  title: string;
  label: string;
}

const REASONS = ["resolved", "user_inactive", "returned_to_bot"] as const;

function Resolve({ one }: { one: Known }) {
  const reason = useSignal<string>("resolved");
  const chosen = useSignal<readonly string[]>(one.labels);
  const note = useSignal("");
  const survey = useSignal(true);
  const goesOn = useSignal("");
  const entrances = useSignal<readonly Entrance[]>([]);
  useEffect(() => {
    const asked = maybe<{ entrances: Entrance[] }>(`/entrances?endpoint=${quoted(one.endpoint)}`, { entrances: [] });
    void asked.then((found) => void (entrances.value = found.entrances));
  }, [one.endpoint]);
  const stream = me.value?.workstreams.find((found) => found.id === one.workstream);
  const asks = Boolean(stream?.survey) && !one.group;
  const go = (): Promise<boolean> => {
    const form = { reason: reason.value, ...(note.value.trim() && { note: note.value.trim() }) };
    return act(one.id, "resolve", {
      form,
      labels: [...chosen.value],
      ...(reason.value !== "resolved" && { reason: reason.value }),
      ...(asks && { survey: survey.value }),
      ...(goesOn.value && { inject: goesOn.value }),
    });
  };
  return (
    <Frame title={say("resolve_of", one.subject)} act={go} label={say("resolve")}>
      <label class="field">
        <span>{say("reason")}</span>
        <select data-focus value={reason.value} onChange={(event) => (reason.value = event.currentTarget.value)}>
          {REASONS.map((word) => (
            <option key={word} value={word}>
              {told(`reason_${word}`)}
            </option>
          ))}
        </select>
      </label>
      <LabelPicker chosen={chosen} />
      {entrances.value.length > 0 && (
        <label class="field">
          <span>{say("goes_on")}</span>
          <select value={goesOn.value} onChange={(event) => (goesOn.value = event.currentTarget.value)}>
            <option value="">{say("goes_on_below")}</option>
            {entrances.value.map((found) => (
              <option key={found.target} value={found.target}>
                {found.label ? `${found.title} · ${found.label}` : found.title}
              </option>
            ))}
          </select>
        </label>
      )}
      <Area label={say("closing_note")} value={note.value} change={(value) => (note.value = value)} />
      {asks && (
        <label class="tick">
          <input type="checkbox" checked={survey.value} onChange={(event) => (survey.value = event.currentTarget.checked)} />
          {say("ask_survey")}
        </label>
      )}
    </Frame>
  );
}

function LabelPicker({ chosen, focus = false }: { chosen: { value: readonly string[] }; focus?: boolean }) {
  const typed = useSignal("");
  useEffect(() => void tags(), []); // somebody may have added one since
  const offered = [...new Set([...labels.value, ...chosen.value])];
  const add = (): void => {
    const label = typed.value.trim();
    if (label && !chosen.value.includes(label)) chosen.value = [...chosen.value, label];
    typed.value = "";
  };
  return (
    <div class="field">
      <span>{say("labels")}</span>
      <div class="labels">
        {offered.map((label) => (
          <button
            key={label}
            type="button"
            class={`label ${hue(label)}`}
            aria-pressed={chosen.value.includes(label)}
            onClick={() => (chosen.value = chosen.value.includes(label) ? chosen.value.filter((one) => one !== label) : [...chosen.value, label])}
          >
            {label}
          </button>
        ))}
        <input
          class="input"
          data-focus={focus || undefined}
          placeholder={say("new_label")}
          aria-label={say("new_label")}
          maxLength={40}
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.ctrlKey || !typed.value.trim()) return;
            event.preventDefault();
            add();
          }}
        />
      </div>
    </div>
  );
}

function Labels({ one }: { one: Known }) {
  const chosen = useSignal<readonly string[]>(one.labels);
  return (
    <Frame title={say("labels")} act={() => act(one.id, "change", { labels: [...chosen.value] })} label={say("save")}>
      <LabelPicker chosen={chosen} focus />
    </Frame>
  );
}

function PriorityOf({ one }: { one: Known }) {
  const to = useSignal<string>(one.priority);
  return (
    <Frame title={say("priority")} act={() => act(one.id, "change", { priority: to.value })} label={say("save")}>
      <div class="pick" role="radiogroup" aria-label={say("priority")}>
        {["urgent", "high", "normal", "low"].map((word) => (
          <Option key={word} value={word} to={to}>
            {told(`prio_${word}`)}
          </Option>
        ))}
      </div>
    </Frame>
  );
}

function Rename({ one }: { one: Known }) {
  const typed = useSignal(one.subject);
  return (
    <Frame title={say("rename")} act={() => act(one.id, "change", { subject: typed.value.trim() })} label={say("save")} ready={typed.value.trim() !== ""}>
      <input class="input" data-focus maxLength={200} aria-label={say("rename")} value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} />
    </Frame>
  );
}

/** A note that the case's agent gets at once; the customer never sees it. */
function Whisper({ one }: { one: Known }) {
  const text = useSignal("");
  const go = (): Promise<boolean> => act(one.id, "note", { text: text.value.trim(), mentions: one.agent ? [one.agent] : [], whisper: true });
  return (
    <Frame title={say("whisper_to", agentName(one.agent) || queueTitle(one.queue))} act={go} label={say("add_note")} ready={text.value.trim() !== ""}>
      <p class="soft">{say("note_only")}</p>
      <Area label={say("note")} value={text.value} change={(value) => (text.value = value)} focus />
    </Frame>
  );
}

function SaveView() {
  const title = useSignal("");
  const shared = useSignal(false);
  const { words, ...filter } = sieve.value;
  const kept = Object.fromEntries(Object.entries({ ...filter, view: view.value.kind }).filter(([, value]) => value)) as Record<string, string>;
  const go = async (): Promise<boolean> => {
    try {
      await post("/views", { title: title.value.trim(), filter: kept, scope: shared.value ? "all" : "mine" });
      await shelves();
      return true;
    } catch (error) {
      trouble(error);
      return false;
    }
  };
  return (
    <Frame title={say("save_view")} act={go} label={say("save")} ready={title.value.trim() !== ""}>
      <label class="field">
        <span>{say("title")}</span>
        <input data-focus maxLength={80} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
      </label>
      {["supervisor", "admin"].includes(me.value?.agent.role ?? "") && (
        <label class="tick">
          <input type="checkbox" checked={shared.value} onChange={(event) => (shared.value = event.currentTarget.checked)} />
          {say("for_everybody")}
        </label>
      )}
    </Frame>
  );
}

function ForgetView() {
  const at = view.value;
  if (at.kind !== "saved") return null;
  const go = async (): Promise<boolean> => {
    try {
      await remove(`/views/${quoted(at.id)}`);
      await shelves();
      show({ kind: "mine" });
      return true;
    } catch (error) {
      trouble(error);
      return false;
    }
  };
  return (
    <Frame title={say("forget_view")} act={go} label={say("delete")}>
      <p>{at.title}</p>
    </Frame>
  );
}
