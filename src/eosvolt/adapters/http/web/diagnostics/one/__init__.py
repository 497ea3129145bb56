"""The page of one diagnostics entry."""
