-- Lists of 100,000 cases and more, filtered by anything, chats with very many lines, and words without spaces by their last letter.

DROP INDEX cases_by_state;
CREATE INDEX cases_by_state ON cases (state, urgency, queued, id, queue, agent);
DROP INDEX cases_by_change;
CREATE INDEX cases_by_change ON cases (state, changed, endpoint, urgency);
CREATE INDEX cases_by_age ON cases (state, opened, id);

CREATE TABLE labelled (
  case_id {id} NOT NULL,
  label {id} NOT NULL,
  case_opened bigint NOT NULL,
  case_changed bigint NOT NULL,
  PRIMARY KEY (case_id, label)
);
CREATE INDEX labelled_by_change ON labelled (label, case_changed, case_id);
CREATE INDEX labelled_by_age ON labelled (label, case_opened, case_id);

INSERT INTO labelled (case_id, label, case_opened, case_changed)
  SELECT cases.id, given.value, cases.opened, cases.changed FROM cases, {labels} WHERE true
  ON CONFLICT (case_id, label) DO NOTHING;

DROP INDEX transcript_session;
CREATE INDEX transcript_session ON transcript (session, at, seq);
CREATE INDEX notes_happened ON notes (session, at, seq) WHERE type NOT LIKE 'message.%';

DELETE FROM found;
UPDATE facts SET value = '0' WHERE name = 'words indexed';
{words_at_once};
