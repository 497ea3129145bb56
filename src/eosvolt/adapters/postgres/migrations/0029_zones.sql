-- Which zones there are, of all companies, and which chargers were ever in one: whoever balances reads it once when it
-- begins, and should not read the whole history for it.
CREATE INDEX stored_events_zones_idx ON stored_events (notification_id)
WHERE topic IN ('zone-created', 'smart-charging-zone-joined');
