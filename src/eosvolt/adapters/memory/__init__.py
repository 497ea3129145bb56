"""The ports in dictionaries, for unit and property tests and for trying things out without a database."""
