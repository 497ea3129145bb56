"""Everything that is kept in PostgreSQL: the history, its seals, the OCPP frames and the read models."""
