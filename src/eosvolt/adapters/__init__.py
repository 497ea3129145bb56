"""One package for each counterpart outside; independent of each other."""
