"""The page of unknown chargers."""
