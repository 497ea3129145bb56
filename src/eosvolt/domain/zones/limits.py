"""What a zone and its limits are bounded by."""

# Who asks chargers for the limits of zones.
LOAD_BALANCING = "system:load-balancing"
# Less than this a car cannot charge with (IEC 61851): a limit is 0 or at least this, for each phase.
LEAST_MA = 6_000
# Limits are sent in whole 0.1 A.
STEP_MA = 100
LARGEST_POWER_W = 1_000_000_000
LARGEST_CURRENT_MA = 1_000_000
LONGEST_NAME = 100
MOST_CHARGERS = 2_000
MOST_WINDOWS = 24
MOST_FIRST_TOKENS = 1_000
# A zone of a zone of a zone …
MOST_LEVELS = 5
