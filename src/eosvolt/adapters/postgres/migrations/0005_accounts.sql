-- Who may sign in and with what. Personal data and secrets live here, outside the history, and can be erased.

CREATE TABLE accounts (
    account text PRIMARY KEY,
    company integer NOT NULL,
    email text NOT NULL,
    -- The e-mail as it is compared: people do not remember how they once wrote it.
    email_folded text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    owner boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX accounts_company_idx ON accounts (company);

CREATE TABLE web_sessions (
    -- SHA-256 of the cookie's secret: whoever reads this table cannot sign in with it.
    digest bytea PRIMARY KEY,
    account text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    opened_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX web_sessions_account_idx ON web_sessions (account);
CREATE INDEX web_sessions_expires_at_idx ON web_sessions (expires_at);

-- HMAC-SHA256 under the server's key, see decision 0040.
CREATE TABLE charger_passwords (
    charge_point text PRIMARY KEY,
    salt bytea NOT NULL,
    digest bytea NOT NULL
);

CREATE TABLE idempotency_keys (
    company integer NOT NULL,
    key text NOT NULL,
    digest text NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    -- 0 until the first request with this key is answered.
    status integer NOT NULL DEFAULT 0,
    headers jsonb NOT NULL DEFAULT '{}',
    body bytea NOT NULL DEFAULT '',
    PRIMARY KEY (company, key)
);
CREATE INDEX idempotency_keys_claimed_at_idx ON idempotency_keys (claimed_at);
