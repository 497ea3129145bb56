-- The history. The columns are those of the eventsourcing library's recorder, so that its classes read and write the
-- same table; "company" is ours and lets one company's feed be read without scanning everybody's events.

CREATE TABLE stored_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigserial NOT NULL,
    company integer NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
) WITH (
    -- Rows are never updated; what vacuum still has to do is freezing and the visibility map.
    autovacuum_vacuum_insert_threshold = 1000000,
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_threshold = 50000,
    autovacuum_analyze_scale_factor = 0.05
);

CREATE UNIQUE INDEX stored_events_notification_id_idx ON stored_events (notification_id);
CREATE INDEX stored_events_company_idx ON stored_events (company, notification_id);

-- JSON of a few hundred bytes does not pay for a compression attempt, and the auditor wants to see the bytes as they are.
ALTER TABLE stored_events ALTER COLUMN state SET STORAGE EXTERNAL;

-- The only way to append. The lock makes commit order the order of positions, so that nobody who follows the log ever
-- passes over a position that is filled later; positions of one call are contiguous because they are drawn under it.
CREATE FUNCTION stored_events_append(
    ids uuid[], versions bigint[], topics text[], states bytea[], companies integer[]
) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('eosvolt.stored_events', 0));
    INSERT INTO stored_events (originator_id, originator_version, topic, state, company)
    SELECT * FROM unnest(ids, versions, topics, states, companies);
    RETURN lastval();
END $$;

CREATE TABLE notification_tracking (
    application_name text PRIMARY KEY,
    notification_id bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);

-- Session numbers double as OCPP 1.6 transaction ids: positive 32-bit integers, never given twice.
CREATE SEQUENCE session_numbers AS integer START WITH 170001 NO CYCLE;
