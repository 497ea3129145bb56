-- A year of two companies in the read models, as their folds would have left it: one of ten sessions is another's.
-- "rm_…" stands for the live table of the read model.

-- n counts sessions through a year. Every hundredth failed; the last 300 are still charging.
INSERT INTO rm_session_history (id, number, company, location, charge_point, connector, time_zone, currency,
    transaction, token, "group", type, "authorization", status, started_at, received_at, ended_at, freed_at,
    meter_start_wh, meter_stop_wh, energy_wh, ended_wh, reason, provisional, flags, remote_command, tariff, held_wh,
    lines, fees, charging_gross, charging_net, charging_vat, blocking_gross, blocking_net, blocking_vat,
    total_gross, changed)
SELECT (170000 + n)::text, 170000 + n, CASE WHEN n %% 10 = 0 THEN 7 ELSE 242 END, 'location-' || plug %% 50,
    'CP-' || plug %% 500, 1 + plug %% 2, 'Europe/Berlin', 'EUR', 170000 + n,
    'TOKEN' || (hashint8(n)::bigint + 2147483648) %% 20000, '', 'onDemand', 'Accepted',
    CASE WHEN n > %(sessions)s - 300 THEN 'charging' WHEN n %% 97 = 0 THEN 'failed' ELSE 'completed' END,
    at, at, CASE WHEN n > %(sessions)s - 300 THEN NULL ELSE at + interval '58 minutes' END,
    CASE WHEN n > %(sessions)s - 300 THEN NULL ELSE at + interval '70 minutes' END,
    1000, 20000, energy, CASE WHEN n > %(sessions)s - 300 THEN NULL ELSE energy END, 'Local', false, '[]', '', %(tariff)s::jsonb, 0, %(lines)s::jsonb, '[]',
    energy / 10, energy / 12, energy / 10 - energy / 12, 0, 0, 0, energy / 10, n * 10
FROM (SELECT n, (hashint8(n * 7)::bigint + 2147483648) %% 500 AS plug,
        %(since)s::timestamptz + n * (interval '365 days' / %(sessions)s) AS at,
        (hashint8(n * 3)::bigint + 2147483648) %% 60000 AS energy
    FROM generate_series(1, %(sessions)s::bigint) n) s;

INSERT INTO rm_ledger (id, by, position, company, location, charge_point, session, day, at, kind, currency, gross, net,
    vat, energy_wh, sessions, changed)
SELECT lpad(changed::text, 12, '0') || '.0', 'entry', changed, company, location, charge_point, id,
    (ended_at AT TIME ZONE 'Europe/Berlin')::date, ended_at, 'charging', 'EUR', charging_gross, charging_net,
    charging_vat, energy_wh, 1, changed
FROM rm_session_history WHERE ended_at IS NOT NULL;

INSERT INTO rm_summary (id, company, location, day, currency, gross, net, vat, energy_wh, sessions, changed)
SELECT company || '/' || location || '/EUR/' || day, company, location, day, 'EUR', sum(gross), sum(net), sum(vat),
    sum(energy_wh), sum(sessions), max(changed)
FROM rm_ledger GROUP BY company, location, day;

INSERT INTO rm_charging_attempts (id, company, location, day, attempts, successful, starts, changed)
SELECT company || '/' || location || '/' || day, company, location, day, sum(sessions), sum(sessions),
    jsonb_agg(sessions ORDER BY hour), max(number)
FROM (
    SELECT company, location, day, hours.hour, count(*) FILTER (WHERE began.hour = hours.hour) AS sessions,
        max(number) AS number
    FROM (
        SELECT company, number, unnest(ARRAY[location, '']) AS location,
            (started_at AT TIME ZONE time_zone)::date AS day,
            extract(hour FROM started_at AT TIME ZONE time_zone) AS hour
        FROM rm_session_history WHERE ended_at IS NOT NULL AND energy_wh > 0
    ) began, generate_series(0, 23) AS hours (hour)
    GROUP BY company, location, day, hours.hour
) counted GROUP BY company, location, day;

INSERT INTO rm_connector_status (plug, company, location, charge_point, connector, type, max_power_w, status, shown,
    since, online, station_status, error_code, vendor_error, info, effective, flowing, session, changed)
SELECT '242/CP-' || c || '/' || p, 242, 'location-' || c %% 50, 'CP-' || c, p, 'iec62196T2', 22000, s, s,
    %(now)s - c * interval '1 minute', true, '', '', '', '', '', 0, '', %(sessions)s * 10 - c
FROM generate_series(0, 499) c, generate_series(1, 2) p,
    LATERAL (SELECT (ARRAY['Available', 'Charging', 'SuspendedEV', 'Finishing'])[1 + (c + p) %% 4] AS s) states;

INSERT INTO rm_charge_points (charge_point, company, charge_box_id, location, connectors, added_at, has_password,
    disabled, removed, online, protocol, secure, address, vendor, model, serial, firmware, version, changed)
SELECT '242/CP-' || c, 242, 'CP-' || c, 'location-' || c %% 50,
    '[{"number": 1, "type": "iec62196T2", "max_power_w": 22000}, {"number": 2, "type": "", "max_power_w": 0}]',
    %(since)s, false, false, false, true, 'ocpp1.6', false, '', 'ACME', 'AC22', '', '1.0', 3, c
FROM generate_series(0, 499) c;

INSERT INTO rm_tokens (token, company, uid, status, "group", label, concurrent, issued_at, version, changed)
SELECT '242/TOKEN' || n, 242, 'TOKEN' || n, 'accepted', '', 'Card ' || n, false, %(since)s, 1, n
FROM generate_series(0, 19999) n;

INSERT INTO rm_faults (id, company, location, charge_point, connector, kind, code, vendor_code, text, since,
    last_seen_at, occurrences, state, solved_by, note, earlier, changed)
SELECT 'F' || n, 242, 'location-' || n %% 50, 'CP-' || n %% 500, 1, 'hardware', 'GroundFailure', '', '',
    %(since)s + n * interval '10 minutes', %(since)s + n * interval '11 minutes', 1,
    CASE WHEN n > 49900 THEN 'open' ELSE 'solved' END, '', '', '', n
FROM generate_series(1, 50000) n;
