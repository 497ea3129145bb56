"""Limits of what is written about payouts."""

# References of banks and reasons, in characters.
LONGEST_TEXT = 200
