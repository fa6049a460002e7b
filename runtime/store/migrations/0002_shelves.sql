-- What the runtime keeps beside conversations: compiled flows, single facts, and where users' content lies.

CREATE TABLE versions (
  hash {id} PRIMARY KEY,
  files text NOT NULL,
  at bigint NOT NULL
);

CREATE TABLE facts (
  name {id} PRIMARY KEY,
  value text NOT NULL,
  at bigint NOT NULL
);

CREATE TABLE media (
  token {id} PRIMARY KEY,
  session {id} NOT NULL,
  message {id} NOT NULL DEFAULT '',
  type {id} NOT NULL DEFAULT '',
  size bigint NOT NULL DEFAULT 0,
  state {id} NOT NULL DEFAULT 'kept',
  at bigint NOT NULL
);
CREATE INDEX media_session ON media (session);
CREATE INDEX media_message ON media (message) WHERE message <> '';
CREATE INDEX media_erased ON media (state, token) WHERE state = 'erased';
