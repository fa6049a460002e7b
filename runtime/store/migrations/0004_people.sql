-- Cases as they stand now, the log they follow from, and the people who work at the desk.

CREATE TABLE cases (
  id {id} PRIMARY KEY,
  session {id} NOT NULL,
  endpoint {id} NOT NULL,
  chat_kind {id} NOT NULL,
  chat_id {id} NOT NULL,
  contact {id} NOT NULL DEFAULT '',
  state {id} NOT NULL,
  workstream {id} NOT NULL,
  provider {id} NOT NULL DEFAULT 'desk',
  queue {id} NOT NULL DEFAULT '',
  agent {id} NOT NULL DEFAULT '',
  urgency bigint NOT NULL DEFAULT 2,
  opened bigint NOT NULL,
  queued bigint NOT NULL DEFAULT 0,
  assigned bigint NOT NULL DEFAULT 0,
  replied bigint NOT NULL DEFAULT 0,
  ended bigint NOT NULL DEFAULT 0,
  since bigint NOT NULL,
  changed bigint NOT NULL,
  unread bigint NOT NULL DEFAULT 0,
  units bigint NOT NULL DEFAULT 1,
  reserved {id} NOT NULL DEFAULT '',
  reserved_until bigint NOT NULL DEFAULT 0,
  ref {id} NOT NULL DEFAULT '',
  subject text NOT NULL DEFAULT '',
  last text NOT NULL DEFAULT '',
  body text NOT NULL
);

CREATE INDEX cases_by_state ON cases (state, queue, urgency, queued);
CREATE INDEX cases_by_agent ON cases (agent, state);
CREATE INDEX cases_by_session ON cases (session, opened);
CREATE INDEX cases_by_ref ON cases (provider, ref);
CREATE INDEX cases_by_end ON cases (ended);

CREATE TABLE notes (
  seq {serial},
  session {id} NOT NULL,
  endpoint {id} NOT NULL,
  case_id {id} NOT NULL DEFAULT '',
  queue {id} NOT NULL DEFAULT '',
  agent {id} NOT NULL DEFAULT '',
  event {id} NOT NULL DEFAULT '',
  type {id} NOT NULL,
  at bigint NOT NULL,
  epoch bigint NOT NULL DEFAULT 0,
  visibility {id} NOT NULL DEFAULT 'system',
  actor text NOT NULL DEFAULT '{}',
  data text NOT NULL DEFAULT '{}'
);

CREATE INDEX notes_by_session ON notes (session, seq);
CREATE INDEX notes_by_event ON notes (event);
CREATE INDEX notes_by_case ON notes (case_id, seq);
CREATE INDEX notes_by_type ON notes (type, at);

CREATE TABLE agents (
  id {id} PRIMARY KEY,
  email {id} NOT NULL UNIQUE,
  role {id} NOT NULL DEFAULT 'agent',
  state {id} NOT NULL DEFAULT 'active',
  changed bigint NOT NULL,
  body text NOT NULL
);

CREATE TABLE presence (
  agent {id} PRIMARY KEY,
  status {id} NOT NULL DEFAULT 'offline',
  seen bigint NOT NULL DEFAULT 0,
  given bigint NOT NULL DEFAULT 0,
  idle bigint NOT NULL DEFAULT 0,
  missed bigint NOT NULL DEFAULT 0,
  dropped bigint NOT NULL DEFAULT 0
);
