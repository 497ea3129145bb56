-- OCPP frames that were not kept, or not whole, and why: over the budget, or no memory while the database was away.
CREATE TABLE ocpp_frames_lost (
    day date NOT NULL,
    company integer NOT NULL,
    charge_point text NOT NULL,
    reason text NOT NULL,
    frames bigint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (day, company, charge_point, reason)
);
CREATE INDEX ocpp_frames_lost_company_idx ON ocpp_frames_lost (company, day);
