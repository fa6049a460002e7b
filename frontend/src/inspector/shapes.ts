/** What the workbench sends under `noren dev`. The shapes of the simulator itself are in ../shapes.ts. */

export type Severity = "error" | "warning" | "hint";

export interface Finding {
  code: string;
  severity: Severity;
  file: string;
  line: number;
  column: number;
  message: string;
  why?: string;
  fix?: string;
  path?: string;
  excerpt?: { line: number; text: string }[];
}

export interface Reload {
  ok: boolean;
  at: number;
  ms: number;
  files: string[];
  findings?: Finding[];
}

export interface FlowFile {
  name: string;
  title: string;
  file: string;
  line: number;
}

export interface Endpoint {
  name: string;
  languages: string[];
  version: string;
  bot_url: string;
  flows: FlowFile[];
}

export type RuntimeState = "running" | "stopped" | "starting";

export interface Overview {
  project: { name: string; root: string };
  endpoints: Endpoint[];
  runtime: { state: RuntimeState; since?: number; slow?: number };
  media: { from: string; to: string } | null;
  findings: Record<Severity, number>;
  reload: Reload | null;
  rev: number;
}

/** A step and where it stands. */
export interface At {
  flow?: string;
  step?: string;
  file?: string;
  line?: number;
}

export interface Position extends At {
  do?: string;
  question?: string | null;
  /** It waits on flows that were edited since. */
  old?: boolean;
}

export interface Timer {
  id: string;
  purpose: string;
  due: number;
}

export interface Session {
  key: string;
  endpoint: string;
  language: string;
  control: { owner: string; epoch: number };
  at: Position | null;
  stack: Position[];
  vars: Record<string, Record<string, unknown>>;
  kept: Record<string, unknown>;
  profile: Record<string, unknown>;
  storage: Record<string, unknown>;
  memory: Record<string, unknown>;
  timers: Timer[];
  started: number;
  seen: number;
  version: string | number;
  busy: boolean;
}

export interface Step extends At {
  do?: string;
  ms?: number;
  [more: string]: unknown;
}

export interface VarChange {
  path: string;
  before: unknown;
  after: unknown;
}

export interface SpokenOutput extends At {
  type: string;
  text?: string;
}

export interface SentMessage {
  id: string | null;
  output: number | null;
  delivery: number;
  message: Record<string, unknown> & { type: string };
}

export interface Violation extends At {
  rule: string;
  property: string;
  message: string;
  severity: string;
  done?: string;
  url?: string;
}

export interface Delivery {
  id: string;
  via: string;
  state: string;
  status: number | null;
  detail?: string | null;
  request_id?: string | null;
  billed: number;
  attempts: number;
}

export interface Hook {
  hook: string;
  function: string;
  file?: string;
  line?: number;
  ms?: number;
  changed?: string[];
  dropped?: boolean;
  error?: string | null;
}

export interface Trigger extends At {
  kind: string;
  value?: unknown;
  why?: string;
  /** Further conditions that held. */
  also?: string[];
}

export interface Turn {
  event: string;
  session: string;
  endpoint: string;
  kind: string;
  /** Of a message: text, sticker, image … */
  type?: string;
  text: string | null;
  user: string;
  at: number;
  done_at: number | null;
  ms: number | null;
  state: "done" | "due" | "dead" | "dropped";
  attempts: number;
  error: string | null;
  version: string | number | null;
  raw: unknown;
  transformers: Hook[];
  trigger: Trigger | null;
  steps: Step[];
  changes: VarChange[];
  outputs: SpokenOutput[];
  messages: SentMessage[];
  violations: Violation[];
  deliveries: Delivery[];
  timers: Timer[];
  cancelled: string[];
  /** Read back from the store, which keeps less of a turn than the workbench does. */
  partial?: boolean;
}

export interface Excerpt {
  file: string;
  from: number;
  lines: string[];
}

export interface TestCase {
  file: string;
  name: string;
  line: number;
}

export interface TestResult {
  file: string;
  name: string;
  ok: boolean;
  ms: number;
  /** Why it was not played. */
  skipped?: string;
  failure: { file?: string; line: number; text: string } | null;
}

export interface Coverage {
  steps: number;
  walked: number;
  missing: At[];
}

export interface TestRun {
  results: TestResult[];
  coverage: Coverage | null;
}

export interface Recording {
  name: string;
  text: string;
}

export interface Exchange {
  event: string;
  user: string;
  was: unknown[];
  now: unknown[];
  was_messages?: unknown[];
  now_messages?: unknown[];
  same: boolean;
  note?: string | null;
}

/** One line of the simulator's log. `way` is `api` for requests of the bot, `webhook` for events sent to it. */
export interface Logged {
  n: number;
  at: number;
  way: "api" | "webhook";
  bot: string;
  method: string;
  path: string;
  status: number;
  outcome: string;
  request_id: string;
  ms: number;
  request: unknown;
  response: unknown;
  headers?: Record<string, string>;
}

export interface Fault {
  id: string;
  kind: string;
  method: string;
  path: string;
  bot: string;
  text: string;
  times: number | null;
  skip: number;
  hits: number;
  ms: number;
  status: number;
}
