"""Who did what: the changes by people, API keys and staff."""
