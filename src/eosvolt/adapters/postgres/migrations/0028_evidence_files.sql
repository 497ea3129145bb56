-- Contracts, bills and publications that prove a price; events hold their digests. A file stays when it is replaced,
-- for the statements that it was in.
CREATE TABLE evidence_files (
    company integer NOT NULL,
    -- SHA-256 of the content, in hex.
    digest text NOT NULL,
    content bytea NOT NULL,
    media_type text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company, digest)
);
-- They are compressed already.
ALTER TABLE evidence_files ALTER COLUMN content SET STORAGE EXTERNAL;
