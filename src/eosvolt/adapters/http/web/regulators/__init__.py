"""Reports for regulators."""
