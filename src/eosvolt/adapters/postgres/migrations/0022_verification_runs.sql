-- What `eosvolt verify` found, for the page that shows it. No part of the history: it is about the history, and proves
-- nothing by itself; who wants to be sure runs the command.
CREATE TABLE verification_runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    -- The user of the operating system who ran it.
    by text NOT NULL,
    position bigint NOT NULL,
    digest text NOT NULL,
    intact boolean NOT NULL,
    same boolean NOT NULL,
    models jsonb NOT NULL,
    findings jsonb NOT NULL
);
