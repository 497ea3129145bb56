-- What people do to protect their own accounts. Personal data and secrets: none of it is in the history.

-- The language in which the person last signed in; empty: not known.
ALTER TABLE accounts ADD COLUMN language text NOT NULL DEFAULT '';

ALTER TABLE web_sessions
    -- Names a session on the person's page; it is no secret.
    ADD COLUMN id text NOT NULL DEFAULT gen_random_uuid()::text,
    -- To the minute.
    ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now();
CREATE UNIQUE INDEX web_sessions_id_idx ON web_sessions (id);

CREATE TABLE password_resets (
    -- SHA-256 of the link's secret.
    digest bytea PRIMARY KEY,
    account text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX password_resets_account_idx ON password_resets (account);

-- Mails about accounts that are to be sent. A row is deleted once its mail is sent.
CREATE TABLE account_mails (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    -- 0: of the installation.
    company integer NOT NULL,
    address text NOT NULL,
    language text NOT NULL,
    -- The values of the text, encrypted under the server's key: links are among them.
    sealed bytea NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    -- When a process took it to send it; null: nobody is sending it.
    taken_at timestamptz
);

-- Authenticator apps (TOTP, RFC 6238). Without "confirmed_at" it does not count yet.
CREATE TABLE authenticator_apps (
    account text PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    -- The shared secret, encrypted under the server's key.
    sealed bytea NOT NULL,
    confirmed_at timestamptz,
    -- The time step of the last code that was accepted: an older or equal one is not accepted again.
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    account text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    -- HMAC-SHA256 under the server's key.
    digest bytea NOT NULL,
    PRIMARY KEY (account, digest)
);

-- Sign-ins whose password was right and whose second step is outstanding.
CREATE TABLE second_steps (
    digest bytea PRIMARY KEY,
    account text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0
);
CREATE INDEX second_steps_account_idx ON second_steps (account);

CREATE TABLE passkeys (
    credential bytea PRIMARY KEY,
    account text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    id text NOT NULL UNIQUE DEFAULT gen_random_uuid()::text,
    name text NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    transports text[] NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz
);
CREATE INDEX passkeys_account_idx ON passkeys (account);

-- Challenges that were given to browsers; each is answered once.
CREATE TABLE passkey_challenges (
    challenge bytea PRIMARY KEY,
    -- The account that registers a passkey or makes its second step; null: whoever signs in.
    account text REFERENCES accounts ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
