"""The page that shows the API to people."""
