-- When the gateway was last seen alive: after a crash, the chargers it held were connected until then.
CREATE TABLE gateway_pulse (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    at timestamptz NOT NULL
);
