-- What each process does by itself, as it reported it last. No part of the history: it tells how the work goes.
CREATE TABLE running_jobs (
    process text NOT NULL,
    job text NOT NULL,
    reported_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    every_seconds double precision,
    last_run_at timestamptz,
    last_failed_at timestamptz,
    failures integer NOT NULL,
    position bigint,
    PRIMARY KEY (process, job)
);
