-- How agents sign in, what they keep (canned replies, macros, rules, views), and who did what.

CREATE TABLE credentials (
  agent {id} PRIMARY KEY,
  hash text NOT NULL,
  changed bigint NOT NULL
);

CREATE TABLE tickets (
  id {id} PRIMARY KEY,
  agent {id} NOT NULL,
  csrf {id} NOT NULL,
  created bigint NOT NULL,
  seen bigint NOT NULL
);

CREATE INDEX tickets_by_agent ON tickets (agent);

CREATE TABLE items (
  id {id} PRIMARY KEY,
  kind {id} NOT NULL,
  owner {id} NOT NULL DEFAULT '',
  changed bigint NOT NULL,
  body text NOT NULL
);

CREATE INDEX items_by_kind ON items (kind, owner);

CREATE TABLE audit (
  seq {serial},
  at bigint NOT NULL,
  agent {id} NOT NULL DEFAULT '',
  what {id} NOT NULL,
  address {id} NOT NULL DEFAULT '',
  data text NOT NULL DEFAULT '{}'
);
