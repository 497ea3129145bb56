"""Operators: the admins of a company, from their invitation to their deactivation."""
