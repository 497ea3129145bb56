-- Pictures that people uploaded, encoded anew; events hold their digests. A picture that is replaced stays, for
-- pages as of an earlier instant.
CREATE TABLE pictures (
    company integer NOT NULL,
    -- SHA-256 of the content, in hex.
    digest text NOT NULL,
    content bytea NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company, digest)
);
-- Pictures are compressed already.
ALTER TABLE pictures ALTER COLUMN content SET STORAGE EXTERNAL;
