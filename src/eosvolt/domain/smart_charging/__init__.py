"""Smart charging: the limits that a charger was asked for and has confirmed, and what it may draw."""
