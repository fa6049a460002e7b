-- What agents set themselves beside how they are seen, the windows they have open in any process, wrong tries at the door, and of which kind the last words are that a list shows.

ALTER TABLE presence ADD COLUMN chosen {id} NOT NULL DEFAULT 'offline';
ALTER TABLE presence ADD COLUMN since bigint NOT NULL DEFAULT 0;
UPDATE presence SET chosen = status;

CREATE TABLE windows (
  id {id} PRIMARY KEY,
  agent {id} NOT NULL,
  until bigint NOT NULL,
  loading bigint NOT NULL DEFAULT 0
);
CREATE INDEX windows_by_agent ON windows (agent, until);

CREATE TABLE tries (
  id {id} PRIMARY KEY,
  count bigint NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX tries_by_age ON tries (at);

ALTER TABLE cases ADD COLUMN last_kind {id} NOT NULL DEFAULT '';
