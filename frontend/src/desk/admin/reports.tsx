/** How it went: cases, waiting, answers, opinions, and what LINE billed. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BASE, get, explain } from "../api";
import { queueTitle } from "../acts";
import { span } from "../cases";
import { agentName } from "../state";
import { say } from "../words";
import { Bars, Columns } from "./charts";
import { DAY, everyDay, type Row, type Totals } from "./days";
import { Tile } from "./monitor";
import "./admin.css";

interface Report {
  totals: Totals;
  rows: Row[];
}

type By = "day" | "agent" | "queue";

/** The last so many days, today among them. */
function query(days: number, by: By): string {
  const to = Date.now();
  return `from=${to - (days - 1) * DAY}&to=${to}&by=${by}`;
}

export function Reports() {
  const days = useSignal(7);
  const by = useSignal<By>("day");
  const found = useSignal<Report | null>(null);
  const trouble = useSignal("");
  useEffect(() => {
    get<Report>(`/reports?${query(days.value, by.value)}`).then(
      (report) => {
        found.value = report;
        trouble.value = "";
      },
      (error: unknown) => (trouble.value = explain(error)),
    );
  }, [days.value, by.value]);
  return (
    <main class="desk-page" aria-label={say("reports")}>
      <h1>{say("reports")}</h1>
      <div class="bar-of-tools">
        <div class="segments" role="group" aria-label={say("span_of_time")}>
          {[1, 7, 30, 90].map((number) => (
            <button key={number} type="button" aria-pressed={days.value === number} onClick={() => (days.value = number)}>
              {say("last_days", number)}
            </button>
          ))}
        </div>
        <div class="segments" role="group" aria-label={say("by")}>
          {(["day", "agent", "queue"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={by.value === one} onClick={() => (by.value = one)}>
              {say(one === "day" ? "by_day" : one)}
            </button>
          ))}
        </div>
        <a class="button" href={`${BASE}/reports?${query(days.value, by.value)}&format=csv`} download={`report-${by.value}.csv`}>
          CSV
        </a>
      </div>
      {trouble.value && (
        <p class="soft" role="alert">
          {trouble.value}
        </p>
      )}
      {found.value && <Shown report={found.value} by={by.value} days={days.value} />}
    </main>
  );
}

const time = (ms: number | null | undefined): string => (ms === null || ms === undefined ? "–" : span(ms));
const part = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : `${Math.round(value * 100)} %`);

function nameOf(row: Row, by: By): string {
  const key = String(row.key ?? row[by] ?? "");
  if (by === "agent") return agentName(key) || say("nobody");
  if (by === "queue") return queueTitle(key) || "–";
  return key.length > 5 && /^\d{4}-/.test(key) ? key.slice(5) : key;
}

function Shown({ report, by, days }: { report: Report; by: By; days: number }) {
  const { totals } = report;
  const rows = by === "day" && report.rows.length ? everyDay(report.rows, days, Date.now()) : report.rows;
  const names = rows.map((row) => nameOf(row, by));
  // A day on which nobody waited has no wait of zero.
  const waits = rows.flatMap((row, at): [string, number][] => (typeof row.wait_p50 === "number" ? [[names[at] ?? "", row.wait_p50]] : []));
  return (
    <>
      <div class="tiles">
        <Tile word={say("cases_opened")} value={totals.opened ?? 0} />
        <Tile word={say("cases_closed")} value={totals.closed ?? 0} />
        <Tile word={say("median_wait")} value={time(totals.wait_p50)} />
        <Tile word={say("p90_wait")} value={time(totals.wait_p90)} />
        <Tile word={say("median_first")} value={time(totals.first_reply_p50)} />
        <Tile word={say("median_handle")} value={time(totals.handle_p50)} />
        <Tile word={say("containment")} value={part(totals.containment)} />
        <Tile word={say("survey")} value={totals.survey?.n ? `${totals.survey.avg?.toFixed(1) ?? "–"} (${totals.survey.n})` : "–"} />
        <Tile word={say("free_replies")} value={totals.line?.replies ?? 0} />
        <Tile word={say("billed_units")} value={totals.line?.units ?? 0} />
      </div>
      <div class="charts">
      {rows.length > 0 &&
        (by === "day" ? (
          <Columns
            title={say("cases")}
            labels={names}
            series={[
              { name: say("cases_opened"), values: rows.map((row) => row.opened ?? 0) },
              { name: say("cases_closed"), values: rows.map((row) => row.closed ?? 0) },
            ]}
          />
        ) : (
          <Bars title={say("cases_closed")} rows={rows.map((row, at) => [names[at] ?? "", row.closed ?? 0])} />
        ))}
      {waits.length > 0 && <Bars title={say("median_wait")} rows={waits} unit={time} />}
      </div>
      {rows.length > 0 ? (
        <div class="table-box">
          <table class="table">
            <thead>
              <tr>
                <th>{say(by === "day" ? "by_day" : by)}</th>
                <th class="is-number">{say("cases_opened")}</th>
                <th class="is-number">{say("cases_closed")}</th>
                <th class="is-number">{say("median_wait")}</th>
                <th class="is-number">{say("median_first")}</th>
                <th class="is-number">{say("median_handle")}</th>
                <th class="is-number">{say("billed_units")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={at}>
                  <td>{names[at]}</td>
                  <td class="is-number">{row.opened ?? 0}</td>
                  <td class="is-number">{row.closed ?? 0}</td>
                  <td class="is-number">{time(row.wait_p50)}</td>
                  <td class="is-number">{time(row.first_reply_p50)}</td>
                  <td class="is-number">{time(row.handle_p50)}</td>
                  <td class="is-number">{row.line?.units ?? 0}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p class="soft">{say("nothing_here")}</p>
      )}
    </>
  );
}
