/** What the desk's API sends and takes. Times are milliseconds since the epoch; 0 stands for never. */

export type Role = "agent" | "supervisor" | "admin";
export type Status = "online" | "away" | "busy" | "offline";
/** How colleagues see somebody: `leaving` while their last window is closed and they still have their cases. */
export type Seen = Status | "leaving";
/** Somebody is seen otherwise; `dropped`: they are there again after their cases were given back. */
export interface Presence {
  agent: string;
  status: Seen;
  since: number;
  chosen: Status;
  dropped?: boolean;
}
export type Priority = "urgent" | "high" | "normal" | "low";
export type CaseState =
  | "requested"
  | "queued"
  | "offered"
  | "assigned"
  | "active"
  | "waiting"
  | "snoozed"
  | "wrap_up"
  | "closed"
  | "offline";

export interface Agent {
  id: string;
  email: string;
  role: Role;
  name: string;
  icon: string;
  status: Seen;
  /** When that began; 0: they were never there. */
  since: number;
  load: number;
  state: string;
  capacity: number;
  queues: string[];
  languages: string[];
  skills: string[];
}

export interface Queue {
  id: string;
  title: string;
  mine: boolean;
}

export interface Workstream {
  id: string;
  mode: "async" | "live";
  offer: string;
  survey: boolean;
  from_agent?: boolean;
  max_mb?: number;
  types?: string[];
}

export interface Quota {
  endpoint: string;
  limit: number | null;
  used: number;
}

/** What people set for themselves; the server keeps it, so that it holds in every browser. */
export interface Own {
  name?: string | null;
  icon?: string | null;
  languages?: string[] | null;
  sound?: boolean | null;
  notifications?: boolean | null;
  theme?: string | null;
  language?: string | null;
}

export interface Me {
  agent: Agent;
  own?: Own;
  status: Status;
  csrf: string;
  queues: Queue[];
  workstreams: Workstream[];
  endpoints: { name: string }[];
  push?: { key: string } | null;
  quota?: Quota[];
}

export interface Summary {
  id: string;
  session: string;
  endpoint: string;
  contact: string;
  group: boolean;
  state: CaseState;
  workstream: string;
  provider: string;
  queue: string;
  agent: string;
  agent_name?: string;
  subject: string;
  picture?: string;
  last: string;
  /** Empty: `last` are words; `postback`: it is the label of what was tapped; else the type of a message. */
  last_kind: string;
  priority: Priority;
  labels: string[];
  language: string;
  opened: number;
  queued: number;
  assigned: number;
  replied: number;
  ended: number;
  since: number;
  changed: number;
  heard: number;
  spoken: number;
  unread: number;
  reachable: boolean;
  reason: string;
  number: number;
  offer: { id: string; agent: string; at?: number; until: number } | null;
}

export interface Counts {
  mine: number;
  offers: number;
  waiting: number;
  offline: number;
  all: number;
  bot?: number;
  queue: Record<string, number>;
}

export interface Delivery {
  state: string;
  via: string;
  billed: number;
  status: number;
  detail: string;
}

/** One line of `GET /chats/{session}/timeline`: what was said, or what happened. */
export interface Row {
  what: "said" | "happened";
  seq: number;
  at: number;
  event: string;
  who?: string;
  kind?: string;
  text?: string;
  message?: string;
  type?: string;
  visibility?: string;
  user?: string;
  name?: string;
  actor?: { kind?: string; id?: string; name?: string };
  data: Record<string, unknown>;
  delivery?: Delivery | null;
}

/** A line of the log as the stream brings it. */
export interface Note {
  seq: number;
  session: string;
  case_id: string;
  queue: string;
  agent: string;
  event: string;
  type: string;
  at: number;
  visibility: string;
  actor: { kind?: string; id?: string; name?: string };
  data: Record<string, unknown>;
}

export interface Cost {
  free: boolean;
  until: number | null;
  units?: number;
  left?: number | null;
}

export interface Person {
  id: string;
  name: string;
  picture?: string;
}

export interface Detail {
  case: Summary & {
    context?: Record<string, unknown> | null;
    result?: Record<string, unknown> | null;
    requester?: string;
    previous?: string;
    skills?: string[];
  };
  profile: { name?: string; picture?: string; language?: string; status?: string; group?: { name?: string; picture?: string } };
  language?: string;
  members?: Person[];
  earlier: Summary[];
  cost: Cost;
  control: { owner: string; epoch: number } | null;
  survey?: { rating?: number | null; text?: string; kind?: string } | null;
  now: number;
}

/** What an agent says: `kind` decides what `data` holds. */
export interface Said {
  kind?: string;
  text?: string;
  data?: Record<string, unknown>;
  quick?: Record<string, unknown>[];
}

export interface Acted {
  case: Summary | null;
  notes?: Note[];
  done?: boolean;
}

export interface Canned {
  id: string;
  code: string;
  title: string;
  texts: Record<string, string>;
  messages?: Said[];
  /** What stands on the buttons under it. */
  quick?: string[];
  scope: string;
  queue?: string;
}

export interface Macro {
  id: string;
  title: string;
  acts: Record<string, unknown>[];
  scope?: string;
}

/** A label that is kept for everybody. */
export interface Tag {
  id: string;
  title: string;
  colour: string;
  retired: boolean;
  /** Names it had before. */
  was: string[];
}

export interface Rule {
  id: string;
  title: string;
  on: string[];
  when: string;
  acts: Record<string, unknown>[];
  enabled: boolean;
}

export interface SavedView {
  id: string;
  title: string;
  filter: Record<string, string>;
}

/** A desk elsewhere and whether it answers. */
export interface Elsewhere {
  name: string;
  up: 0 | 1;
  since?: number;
  why?: string;
  waiting: number;
  parked: number;
}

export interface Upload {
  token: string;
  kind: "image" | "video" | "audio" | "file";
  name: string;
  size: number;
  type: string;
  url: string;
  preview?: string;
  duration?: number;
  warning?: string;
}
