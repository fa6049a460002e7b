/** Who the customer is and what is known: profile, variables, costs, earlier cases, what they said of us. */

import { useSignal } from "@preact/signals";
import { Avatar } from "../phone/avatar";
import { open, queueTitle } from "./acts";
import { span } from "./cases";
import { Icon } from "./icons";
import { Label } from "./label";
import type { Detail, Summary } from "./shapes";
import { agentName, caseOf, current, detail, now, over, pane, putAll, quotas } from "./state";
import { moment, say, told } from "./words";

export function Panel() {
  const one = current.value;
  const found = detail.value?.case.id === one?.id ? detail.value : null;
  if (!one) return <aside class="desk-panel" aria-label={say("customer")} />;
  const who = one.group ? found?.profile.group : found?.profile;
  const name = (!one.group && who?.name) || one.subject;
  const picture = who?.picture ?? one.picture;
  return (
    <aside class="desk-panel" aria-label={say("customer")}>
      <header class="panel-head">
        <button type="button" class="button-plain talk-back" aria-label={say("conversation")} onClick={() => (pane.value = "talk")}>
          <Icon name="back" />
        </button>
        <Avatar id={one.contact || one.session} name={name || "?"} {...(picture && { picture })} size={56} />
        <div>
          <h2>{name}</h2>
          <p class="soft">
            {one.group ? say("group") : say("person")} · {one.endpoint}
          </p>
        </div>
      </header>
      {!one.group && found?.profile.status && <p class="panel-quote">{found.profile.status}</p>}
      <dl class="facts">
        <Fact name={say("reach")} bad={!one.reachable}>
          {say(one.reachable ? "reachable" : "unreachable")}
        </Fact>
        <Fact name={say("language")}>{one.language || found?.language || "–"}</Fact>
        <Fact name={say("queue")}>{queueTitle(one.queue)}</Fact>
        <Fact name={say("agent")}>{agentName(one.agent) || "–"}</Fact>
        <Fact name={say("priority")}>
          <button type="button" class="link" onClick={() => (over.value = "priority")}>
            {told(`prio_${one.priority}`)}
          </button>
        </Fact>
        <Fact name={say("opened")}>{moment(one.opened)}</Fact>
        {one.assigned > 0 && <Fact name={say("waited")}>{span(one.assigned - one.opened)}</Fact>}
        {one.replied > 0 && <Fact name={say("first_reply")}>{span(one.replied - one.opened)}</Fact>}
        {one.ended > 0 && <Fact name={say("ended")}>{moment(one.ended)}</Fact>}
        {one.reason && <Fact name={say("reason")}>{told(`reason_${one.reason}`)}</Fact>}
      </dl>
      <div class="panel-labels">
        {one.labels.map((label) => (
          <Label key={label} name={label} />
        ))}
        <button type="button" class="link" onClick={() => (over.value = "labels")}>
          <Icon name="tag" size={13} /> {say("labels")}
        </button>
      </div>
      {found && <Known found={found} />}
      {found && <Costs found={found} endpoint={one.endpoint} />}
      {found?.members?.length ? <Members found={found} /> : null}
      {found && <Survey found={found} />}
      {found && <Earlier all={found.earlier} />}
      <p class="panel-id">
        {say("case")} <code>{one.id}</code>
      </p>
    </aside>
  );
}

function Fact({ name, bad = false, children }: { name: string; bad?: boolean; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={bad ? "is-bad" : ""}>{children}</dd>
    </div>
  );
}

const shown = (value: unknown): string => (value === null || value === undefined || value === "" ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** What the bot learned before it handed over. */
function Known({ found }: { found: Detail }) {
  const entries = Object.entries(found.case.context ?? {});
  const form = found.case.result?.form as { note?: string } | undefined;
  if (!entries.length && !form?.note) return null;
  return (
    <section class="panel-part">
      <h3>{say("context")}</h3>
      <dl class="facts">
        {entries.map(([key, value]) => (
          <Fact key={key} name={key}>
            {shown(value)}
          </Fact>
        ))}
        {form?.note && <Fact name={say("closing_note")}>{form.note}</Fact>}
      </dl>
    </section>
  );
}

function Costs({ found, endpoint }: { found: Detail; endpoint: string }) {
  const quota = quotas.value.find((one) => one.endpoint === endpoint);
  const left = (found.cost.until ?? 0) - now.value;
  const units = found.cost.units ?? Math.max(1, found.members?.length ?? 1);
  return (
    <section class="panel-part">
      <h3>{say("cost")}</h3>
      <p class={left > 0 ? "is-good" : ""}>{left > 0 ? say("free_until", span(left)) : say("costs", units)}</p>
      {quota && (
        <p class="soft">
          {quota.limit === null ? say("used_unlimited", quota.used) : say("used_of", quota.used, quota.limit)}
          {quota.limit !== null && <progress max={quota.limit} value={quota.used} aria-label={say("quota")} />}
        </p>
      )}
    </section>
  );
}

function Members({ found }: { found: Detail }) {
  const all = useSignal(false);
  const people = found.members ?? [];
  return (
    <section class="panel-part">
      <h3>{say("members", people.length)}</h3>
      <ul class="members">
        {people.slice(0, all.value ? undefined : 8).map((one) => (
          <li key={one.id}>
            <Avatar id={one.id} name={one.name || "?"} {...(one.picture && { picture: one.picture })} size={24} /> {one.name || one.id.slice(0, 8)}
          </li>
        ))}
      </ul>
      {people.length > 8 && (
        <button type="button" class="link" onClick={() => (all.value = !all.value)}>
          {say(all.value ? "show_less" : "show_all")}
        </button>
      )}
    </section>
  );
}

function Survey({ found }: { found: Detail }) {
  if (!found.survey) return null;
  const { rating, text } = found.survey;
  return (
    <section class="panel-part">
      <h3>{say("survey")}</h3>
      <p>{rating === null || rating === undefined ? say("not_answered") : "★".repeat(Math.min(5, Math.max(0, rating))) || String(rating)}</p>
      {text && <p class="panel-quote">{text}</p>}
    </section>
  );
}

function Earlier({ all }: { all: readonly Summary[] }) {
  if (!all.length) return null;
  const look = (one: Summary): void => {
    if (!caseOf(one.id)) putAll([{ ...one, labels: one.labels ?? [], priority: one.priority ?? "normal", offer: null, number: one.number ?? 0 }]);
    open(one.id);
  };
  return (
    <section class="panel-part">
      <h3>{say("earlier")}</h3>
      {all.slice(0, 20).map((one) => (
        <button key={one.id} type="button" class="hit" onClick={() => look(one)}>
          <b>{moment(one.opened)}</b>
          <span>{one.last}</span>
          <i class={`state is-${one.state}`}>{told(`state_${one.state}`)}</i>
        </button>
      ))}
    </section>
  );
}
