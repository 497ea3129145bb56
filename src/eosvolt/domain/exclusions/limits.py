"""What an exclusion is limited to."""

from datetime import timedelta

LONGEST = timedelta(days=366)
# In characters.
LONGEST_REASON = 500
