"""The pages of chargers."""
