"""The pages of customer groups."""
