-- The auditor's search of the history. Both indexes leave out what chargers send all day, so that storing meter values
-- costs nothing more.

-- Events of a type. The values of running sessions are most of the history; they are found by the position.
CREATE INDEX stored_events_topic_idx ON stored_events (company, topic, notification_id) WHERE topic <> 'energy-metered';

-- Whether a person, a program or the installation's staff caused the event. The author is the first "by" of an envelope:
-- only the stream's name comes before, and quotation marks in it are escaped.
CREATE FUNCTION stored_events_by_hand(state bytea) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    substring(state FROM position('"by":"'::bytea IN state) + 6 FOR 8) <> 'charger:'::bytea
    AND substring(state FROM position('"by":"'::bytea IN state) + 6 FOR 7) <> 'system:'::bytea;

CREATE INDEX stored_events_by_hand_idx ON stored_events (company, notification_id) WHERE stored_events_by_hand(state);
