"""Locations: where chargers stand, who may charge there and at what tariff."""
