"""Pages of home chargers and price profiles."""
