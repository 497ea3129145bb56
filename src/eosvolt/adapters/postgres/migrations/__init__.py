"""The schema in numbered steps, written as SQL. A released file never changes; a further step is a further file."""
