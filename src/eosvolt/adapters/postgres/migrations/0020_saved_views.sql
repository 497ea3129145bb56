-- Filters, orders and columns of lists under names, of a person or an API key ("owner": the actor's name).
CREATE TABLE saved_views (
    id text NOT NULL,
    company integer NOT NULL,
    owner text NOT NULL,
    list text NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    location text NOT NULL,
    shared boolean NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (company, id, owner)
);
CREATE UNIQUE INDEX saved_views_by_name ON saved_views (company, owner, list, lower(name));
