"""Load balancing zones."""
