-- New passwords that chargers were told and may have taken: until it is certain, they open the door beside the old one.
CREATE TABLE charger_password_proposals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    charge_point text NOT NULL,
    salt bytea NOT NULL,
    digest bytea NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    -- The charger's answer is not to be expected any more.
    unanswered boolean NOT NULL DEFAULT false,
    -- When the charger first signed in with its old password all the same.
    old_used_at timestamptz
);
CREATE INDEX charger_password_proposals_charge_point_idx ON charger_password_proposals (charge_point);

-- Who knocked at the door and is not known. Not in the history: strangers must not be able to write there.
CREATE TABLE unknown_chargers (
    company integer NOT NULL,
    charge_box_id text NOT NULL,
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    attempts bigint NOT NULL,
    address text NOT NULL,
    -- The protocols it offered last, as it wrote them.
    offered text NOT NULL,
    secure boolean NOT NULL,
    PRIMARY KEY (company, charge_box_id)
);
CREATE INDEX unknown_chargers_last_seen_idx ON unknown_chargers (company, last_seen);
