"""Booking feeds: the secret address at which calendar programs read the bookings of a location."""
