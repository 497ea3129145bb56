-- When programs used their API keys last, to the minute. No part of the history: it follows from no event.
CREATE TABLE api_key_uses (
    key_id text PRIMARY KEY,
    company integer NOT NULL,
    last_used_at timestamptz NOT NULL
);
CREATE INDEX api_key_uses_company_idx ON api_key_uses (company);
