"""One command to many chargers."""
