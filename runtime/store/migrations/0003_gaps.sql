-- What LINE refused although the message rules allowed it: each kind once, without what anybody said.

CREATE TABLE gaps (
  id {id} PRIMARY KEY,
  endpoint {id} NOT NULL,
  status bigint NOT NULL,
  times bigint NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  answer text NOT NULL,
  shape text NOT NULL
);
