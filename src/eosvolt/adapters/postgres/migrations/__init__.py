"""The schema in numbered steps of SQL. A released file never changes; a further step is a further file."""
