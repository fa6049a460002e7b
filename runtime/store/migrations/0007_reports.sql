-- Cases by when they were opened, for reports, and by when they last changed, for lists; agents whose last window was closed a moment ago.

CREATE INDEX cases_by_opening ON cases (opened);
CREATE INDEX cases_by_change ON cases (state, changed);
CREATE INDEX cases_by_queue ON cases (queue, state, changed);
CREATE INDEX cases_of_agent ON cases (agent, state, changed);
DROP INDEX cases_by_agent;

ALTER TABLE presence ADD COLUMN gone bigint NOT NULL DEFAULT 0;
