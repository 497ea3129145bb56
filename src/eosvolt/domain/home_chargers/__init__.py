"""Home chargers: chargers at people's homes, their owners, and who may charge there."""
