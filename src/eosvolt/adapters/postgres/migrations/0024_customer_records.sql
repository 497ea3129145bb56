-- Who customers are. The history has their ids only, so that deleting a row leaves it, its sums and its chain intact.
CREATE TABLE customer_records (
    customer text PRIMARY KEY,
    company integer NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    -- The e-mail as it is compared; empty without one.
    email_folded text NOT NULL,
    phone text NOT NULL,
    billing jsonb NOT NULL,
    notes text NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX customer_records_email_idx ON customer_records (company, email_folded) WHERE email_folded <> '';
CREATE INDEX customer_records_name_idx ON customer_records (company, lower(name), customer);
