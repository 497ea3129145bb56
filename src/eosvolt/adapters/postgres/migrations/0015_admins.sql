-- Admins: what an account may do, and who was invited. Names and e-mails stay outside the history.

-- A copy of what the admin's events say, written in the transaction that stores them: it is enforced at once.
ALTER TABLE accounts ADD COLUMN access text;
-- Made before admins had permissions: such an account has all of them until its access is changed. Every other
-- one without access has none.
ALTER TABLE accounts ADD COLUMN before_admins boolean NOT NULL DEFAULT false;
UPDATE accounts SET before_admins = true;
ALTER TABLE accounts ADD COLUMN deactivated_at timestamptz;
ALTER TABLE accounts ADD COLUMN first_name text NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN last_name text NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN last_seen_at timestamptz;

CREATE TABLE admin_invitations (
    account text PRIMARY KEY,
    company integer NOT NULL,
    email text NOT NULL,
    email_folded text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    -- The account that answers for the invitation: the invitation ends with it.
    responsible text NOT NULL,
    invited_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (company, email_folded)
);
CREATE INDEX admin_invitations_responsible_idx ON admin_invitations (responsible);
