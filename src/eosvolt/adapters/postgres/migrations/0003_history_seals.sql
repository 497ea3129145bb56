-- The chain over the history: each seal covers the events after the one before it, up to and including "up_to".

CREATE TABLE history_seals (
    up_to bigint PRIMARY KEY,
    count integer NOT NULL,
    leaves bytea NOT NULL,
    digest bytea NOT NULL,
    signature bytea,
    sealed_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE history_seals ALTER COLUMN leaves SET STORAGE EXTERNAL;
