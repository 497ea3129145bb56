-- What platform staff do to protect their accounts: as for people of companies, in tables of their own.

-- The language in which the member last signed in; empty: not known.
ALTER TABLE staff ADD COLUMN language text NOT NULL DEFAULT '';

-- Names a session on the member's page; it is no secret.
ALTER TABLE staff_sessions ADD COLUMN id text NOT NULL DEFAULT gen_random_uuid()::text;
CREATE UNIQUE INDEX staff_sessions_id_idx ON staff_sessions (id);

-- Authenticator apps (TOTP, RFC 6238). Without "confirmed_at" it does not count yet.
CREATE TABLE staff_authenticator_apps (
    staff text PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
    -- The shared secret, encrypted under the server's key.
    sealed bytea NOT NULL,
    confirmed_at timestamptz,
    -- The time step of the last code that was accepted: an older or equal one is not accepted again.
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE staff_recovery_codes (
    staff text NOT NULL REFERENCES staff ON DELETE CASCADE,
    -- HMAC-SHA256 under the server's key.
    digest bytea NOT NULL,
    PRIMARY KEY (staff, digest)
);

-- Sign-ins whose password was right and whose second step is outstanding.
CREATE TABLE staff_second_steps (
    digest bytea PRIMARY KEY,
    staff text NOT NULL REFERENCES staff ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0
);
CREATE INDEX staff_second_steps_staff_idx ON staff_second_steps (staff);
