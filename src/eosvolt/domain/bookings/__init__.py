"""Bookings: slots of plugs that drivers reserve. The calendar of each plug keeps them from overlapping."""
