-- Every OCPP frame in and out, a partition per day.

CREATE TABLE ocpp_frames (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    company integer NOT NULL,
    charge_point text NOT NULL,
    connection text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    text text NOT NULL,
    message_id text NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL
) PARTITION BY RANGE (at);

CREATE INDEX ocpp_frames_charge_point_idx ON ocpp_frames (company, charge_point, at);

-- Where a frame goes whose day has no partition: nothing is lost because a clock was wrong.
CREATE TABLE ocpp_frames_elsewhere PARTITION OF ocpp_frames DEFAULT;
