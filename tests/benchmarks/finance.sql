-- A year of two companies in the ledger, as its fold would have left it: one of ten sessions is another's.
-- "rm_…" stands for the live table of the read model.

-- Of each session the entry, its settlement and the platform fee. Every second token is a customer's.
INSERT INTO rm_ledger (id, by, position, company, location, charge_point, session, number, day, at, kind, currency,
    gross, net, vat, energy_wh, sessions, vat_rate, country, balance, customer, changed)
SELECT lpad((n * 10)::text, 12, '0') || '.' || part, part_by, n * 10,
    CASE WHEN n %% 10 = 0 THEN 7 ELSE 242 END, 'location-' || plug %% 50, 'CP-' || plug %% 500, (170000 + n)::text,
    170000 + n, (at AT TIME ZONE 'Europe/Berlin')::date, at, part_kind, 'EUR',
    CASE part WHEN 2 THEN -50 ELSE gross END,
    CASE part WHEN 0 THEN round(gross / 1.19) WHEN 1 THEN 0 ELSE -50 END,
    CASE part WHEN 0 THEN gross - round(gross / 1.19) ELSE 0 END,
    CASE part WHEN 0 THEN gross * 20 ELSE 0 END, CASE part WHEN 0 THEN 1 ELSE 0 END,
    CASE part WHEN 2 THEN NULL ELSE 0.19 END, CASE part WHEN 2 THEN '' ELSE 'DE' END, n,
    CASE WHEN token %% 2 = 0 THEN 'customer-' || token ELSE '' END, n * 10
FROM (SELECT n, (hashint8(n * 7)::bigint + 2147483648) %% 500 AS plug,
        %(since)s::timestamptz + n * (interval '365 days' / %(sessions)s) AS at,
        100 + (hashint8(n * 3)::bigint + 2147483648) %% 3000 AS gross,
        (hashint8(n)::bigint + 2147483648) %% 20000 AS token
    FROM generate_series(1, %(sessions)s::bigint) n) s,
    (VALUES (0, 'entry', 'charging'), (1, 'settlement', 'settlement'), (2, 'transfer', 'platformFee'))
        AS parts (part, part_by, part_kind);

INSERT INTO rm_ledger (id, by, company, day, sums, changed)
SELECT 'day:' || company || '/' || day, 'day', company, day,
    jsonb_agg(jsonb_build_array(currency, kind, country, vat_rate::text, gross, net, vat)), max(changed)
FROM (SELECT company, day, currency, kind, country, coalesce(vat_rate, 0) AS vat_rate, sum(gross) AS gross,
        sum(net) AS net, sum(vat) AS vat, max(changed) AS changed
    FROM rm_ledger WHERE by IN ('entry', 'transfer', 'settlement')
    GROUP BY company, day, currency, kind, country, vat_rate) summed
GROUP BY company, day;

INSERT INTO rm_ledger (id, by, company, location, day, sums, changed)
SELECT 'locationDay:' || company || '/' || location || '/' || day, 'locationDay', company, location, day,
    jsonb_agg(jsonb_build_array(currency, kind, country, vat_rate::text, gross, net, vat)), max(changed)
FROM (SELECT company, location, day, currency, kind, country, coalesce(vat_rate, 0) AS vat_rate, sum(gross) AS gross,
        sum(net) AS net, sum(vat) AS vat, max(changed) AS changed
    FROM rm_ledger WHERE by IN ('entry', 'transfer', 'settlement')
    GROUP BY company, location, day, currency, kind, country, vat_rate) summed
GROUP BY company, location, day;
