"""Invoices over several sessions of a customer or of the members of a group."""
