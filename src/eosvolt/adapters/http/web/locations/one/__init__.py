"""The page of one location."""
