-- Where a rule's messages go: people's addresses and other systems' secrets stay outside the history and can be erased.
CREATE TABLE notification_targets (
    rule text PRIMARY KEY,
    company integer NOT NULL,
    addresses text[] NOT NULL,
    url text NOT NULL,
    -- The signing secret follows from this and the server's key, which is nowhere in the database.
    salt bytea NOT NULL
);
