"""One room for each counterpart outside; strangers to each other."""
