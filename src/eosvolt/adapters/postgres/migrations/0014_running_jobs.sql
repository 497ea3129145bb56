-- No part of the history: these tell how the work goes.

-- What each process does by itself, as it reported it last.
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

-- Backups that were recorded with `eosvolt record-backup`.
CREATE TABLE backups (
    made_at timestamptz PRIMARY KEY
);
