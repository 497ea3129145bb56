-- Work that failed: waiting for its next attempt, or left to an operator where next_attempt_at is null (a dead letter).
CREATE TABLE failed_jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job text NOT NULL,
    -- What the job was about: a stream, a notification, or empty for a job of the whole installation.
    subject text NOT NULL,
    -- 0: of the installation, not of one company.
    company integer NOT NULL,
    -- Which deadline of the subject: another one gets its own attempts.
    deadline timestamptz,
    attempts integer NOT NULL,
    first_failed_at timestamptz NOT NULL,
    last_failed_at timestamptz NOT NULL,
    next_attempt_at timestamptz,
    error text NOT NULL,
    dismissed_at timestamptz,
    dismissed_by text NOT NULL DEFAULT '',
    UNIQUE (job, subject)
);
CREATE INDEX failed_jobs_company_idx ON failed_jobs (company, last_failed_at);
