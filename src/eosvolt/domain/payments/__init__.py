"""Payments of drivers who are no customers: authorised before the start, captured with the receipt."""
