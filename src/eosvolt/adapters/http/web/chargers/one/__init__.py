"""The pages of one charger."""
