-- The gateways and when each was last seen alive: of one that is gone, the chargers were connected until then. The one
-- without a name stands for all connections from before gateways had names.
CREATE TABLE gateways (
    id text PRIMARY KEY,
    beat_at timestamptz NOT NULL
);
INSERT INTO gateways (id, beat_at) SELECT '', at FROM gateway_pulse;
DROP TABLE gateway_pulse;
