"""Sessions: one car at one plug, from the start of charging until the plug is free, and its bill."""
