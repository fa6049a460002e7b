/** What the next words cost: nothing while the customer's reply token lives, else LINE bills each person who gets them. */

import { span, type Known } from "../cases";
import { detail, now, quotas } from "../state";
import { say } from "../words";

export function Cost({ one, text, parts }: { one: Known; text: string; parts: number }) {
  const found = detail.value?.case.id === one.id ? detail.value : null;
  if (!found) return <span class="cost" />;
  const { cost } = found;
  const left = (cost.until ?? 0) - now.value;
  const calls = Math.ceil(Math.max(1, parts) / 5);
  const units = (cost.units ?? Math.max(1, found.members?.length ?? 1)) * (text ? calls : 1);
  const quota = quotas.value.find((q) => q.endpoint === one.endpoint);
  const rest = cost.left ?? (quota?.limit != null ? quota.limit - quota.used : null);
  if (left > 0) return <span class="cost is-free">{say("free_until", span(left))}</span>;
  return (
    <span class={`cost ${rest !== null && rest < 50 ? "is-bad" : ""}`}>
      {say("costs", units)}
      {rest !== null && ` · ${say("quota_left", rest)}`}
    </span>
  );
}
