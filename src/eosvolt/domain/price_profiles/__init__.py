"""Price profiles: the prices of home chargers, and who owes whom."""
