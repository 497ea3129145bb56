-- Platform staff: people who look after the installation. They belong to no company and see no company's data.
CREATE TABLE staff (
    staff text PRIMARY KEY,
    email text NOT NULL,
    email_folded text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE staff_sessions (
    -- SHA-256 of the cookie's secret.
    digest bytea PRIMARY KEY,
    staff text NOT NULL REFERENCES staff ON DELETE CASCADE,
    opened_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX staff_sessions_staff_idx ON staff_sessions (staff);

CREATE TABLE staff_api_keys (
    -- SHA-256 of the key.
    digest bytea PRIMARY KEY,
    staff text NOT NULL REFERENCES staff ON DELETE CASCADE,
    label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX staff_api_keys_staff_idx ON staff_api_keys (staff);

-- Where the invitation of a company went. Personal data; whether it is still valid is in the history.
CREATE TABLE company_invitations (
    company integer PRIMARY KEY,
    email text NOT NULL
);
