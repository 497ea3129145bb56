-- What chargers uploaded: diagnostics and logs, in parts, so that every process finds them and none holds one whole.
CREATE TABLE uploaded_files (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    upload text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    -- In hex, once all of it is here.
    sha256 text
);
CREATE INDEX uploaded_files_upload_idx ON uploaded_files (upload);
CREATE INDEX uploaded_files_begun_at_idx ON uploaded_files (begun_at);

CREATE TABLE uploaded_file_parts (
    file bigint NOT NULL REFERENCES uploaded_files ON DELETE CASCADE,
    number integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (file, number)
);
-- Logs come compressed as a rule.
ALTER TABLE uploaded_file_parts ALTER COLUMN content SET STORAGE EXTERNAL;
