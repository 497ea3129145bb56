-- Seals of format 1 do not sign "sealed_at"; those of format 2 do.
ALTER TABLE history_seals ADD COLUMN format smallint NOT NULL DEFAULT 1;

-- The chain over the OCPP frames: one seal for each day that is over, over the rows up to "up_to" at that time.
CREATE TABLE frame_seals (
    day date PRIMARY KEY,
    count bigint NOT NULL,
    up_to bigint NOT NULL,
    content bytea NOT NULL,
    digest bytea NOT NULL,
    signature bytea,
    sealed_at timestamptz NOT NULL,
    -- When retention dropped the day, and the signature of that.
    dropped_at timestamptz,
    dropped_signature bytea
);
