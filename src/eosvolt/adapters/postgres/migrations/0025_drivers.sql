-- Drivers sign in with codes that are mailed to them. They are no part of the history: it has the ids of
-- customers only.
CREATE TABLE drivers (
    driver text PRIMARY KEY,
    email text NOT NULL,
    -- The e-mail as it is compared.
    email_folded text NOT NULL UNIQUE,
    name text NOT NULL DEFAULT '',
    language text NOT NULL
);
CREATE TABLE driver_codes (
    email_folded text NOT NULL,
    digest bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (email_folded, digest)
);
CREATE TABLE driver_sessions (
    digest bytea PRIMARY KEY,
    driver text NOT NULL REFERENCES drivers ON DELETE CASCADE,
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX driver_sessions_driver_idx ON driver_sessions (driver);
-- At which companies somebody is a customer.
CREATE INDEX customer_records_everywhere_idx ON customer_records (email_folded) WHERE email_folded <> '';
