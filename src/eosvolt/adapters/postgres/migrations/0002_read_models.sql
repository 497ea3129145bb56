-- Which table answers for a read model, and what could not be applied to it.

CREATE TABLE read_model_versions (
    name text PRIMARY KEY,
    version integer NOT NULL,
    table_name text NOT NULL,
    columns text[] NOT NULL,
    -- Grows with every switch; a writer that sees another number than before forgets what it had in memory.
    generation bigint NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
);

-- Tables that are being built beside the live one. The builder holds an advisory lock on the name while it lives.
CREATE TABLE read_model_builds (
    table_name text PRIMARY KEY,
    started_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE projection_dead_letters (
    model text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL,
    error text NOT NULL,
    PRIMARY KEY (model, version, position)
);
