"""The page of the system's state."""
