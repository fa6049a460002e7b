-- What one conversation is made of: the session and its lane of events and deliveries.
-- {serial} and {id} are what the two databases spell differently; a statement ends with ";" at the end of a line.

CREATE TABLE sessions (
  key {id} PRIMARY KEY,
  endpoint {id} NOT NULL,
  contact {id} NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 0,
  started bigint NOT NULL DEFAULT 0,
  seen bigint NOT NULL DEFAULT 0,
  state text NOT NULL
);
CREATE INDEX sessions_contact ON sessions (contact) WHERE contact <> '';

-- Only sessions with something to do have a row here: finding and holding work costs the same however many
-- sessions there are, and touches none of their large rows.
CREATE TABLE lanes (
  key {id} PRIMARY KEY,
  due bigint NOT NULL,
  worker {id}
);
CREATE INDEX lanes_free ON lanes (due) WHERE worker IS NULL;
CREATE INDEX lanes_held ON lanes (worker) WHERE worker IS NOT NULL;

CREATE TABLE inbox (
  seq {serial},
  id {id} NOT NULL UNIQUE,
  print {id} NOT NULL,
  session {id} NOT NULL,
  endpoint {id} NOT NULL,
  kind {id} NOT NULL,
  at bigint NOT NULL,
  rank bigint NOT NULL,
  due bigint NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  state {id} NOT NULL DEFAULT 'due',
  message {id} NOT NULL DEFAULT '',
  accepted bigint NOT NULL,
  done_at bigint,
  error text NOT NULL DEFAULT '',
  trace text NOT NULL DEFAULT '[]',
  body text NOT NULL
);
CREATE INDEX inbox_lane ON inbox (session, rank, seq) WHERE state = 'due';
CREATE INDEX inbox_parked ON inbox (state, seq) WHERE state IN ('dead', 'dropped');
CREATE INDEX inbox_message ON inbox (message) WHERE message <> '';

CREATE TABLE outbox (
  seq {serial},
  id {id} NOT NULL UNIQUE,
  event {id} NOT NULL DEFAULT '',
  session {id} NOT NULL,
  endpoint {id} NOT NULL,
  state {id} NOT NULL,
  via {id} NOT NULL,
  due bigint NOT NULL DEFAULT 0,
  attempts bigint NOT NULL DEFAULT 0,
  billed bigint NOT NULL DEFAULT 0,
  status bigint NOT NULL DEFAULT 0,
  request_id {id} NOT NULL DEFAULT '',
  message_ids text NOT NULL DEFAULT '[]',
  detail text NOT NULL DEFAULT '',
  created bigint NOT NULL DEFAULT 0,
  settled bigint,
  body text NOT NULL
);
CREATE INDEX outbox_lane ON outbox (session, seq) WHERE settled IS NULL;
CREATE INDEX outbox_trouble ON outbox (state, seq) WHERE state IN ('failed', 'unknown', 'suppressed', 'dropped');
CREATE INDEX outbox_event ON outbox (event);

-- The one index by session: every worked event has at least one row here (with an empty `who` if nothing was
-- said), so that a session's events are found without a second index whose pages each turn would have to touch.
CREATE TABLE transcript (
  seq {serial},
  session {id} NOT NULL,
  at bigint NOT NULL,
  who {id} NOT NULL,
  kind {id} NOT NULL,
  text text NOT NULL DEFAULT '',
  data text NOT NULL DEFAULT '{}',
  event {id} NOT NULL DEFAULT '',
  message {id} NOT NULL DEFAULT ''
);
CREATE INDEX transcript_session ON transcript (session, seq);
CREATE INDEX transcript_message ON transcript (message) WHERE message <> '';

CREATE TABLE workers (
  id {id} PRIMARY KEY,
  since bigint NOT NULL
);
