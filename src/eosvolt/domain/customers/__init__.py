"""Customers: people who charge. Who they are is kept outside the history."""
