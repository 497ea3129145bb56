"""Load balancing zones: chargers that share a grid connection, and how its capacity is divided among them."""
