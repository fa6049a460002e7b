-- Which chats hold which file that an agent sent, so that a file goes with the last of them.

CREATE TABLE sent_files (
  id {id} PRIMARY KEY,
  token {id} NOT NULL,
  session {id} NOT NULL,
  at bigint NOT NULL
);

CREATE INDEX sent_files_by_token ON sent_files (token);
CREATE INDEX sent_files_by_session ON sent_files (session);
CREATE INDEX sent_files_by_age ON sent_files (at);
CREATE INDEX media_by_age ON media (at) WHERE state = 'kept';
