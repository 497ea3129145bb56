"""Customer groups: who is let in at locations together, and who pays a price of their own."""
