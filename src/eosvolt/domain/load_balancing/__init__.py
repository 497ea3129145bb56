"""Load balancing: from zones and what their chargers may draw to the limits that are asked for next."""
