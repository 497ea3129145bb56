"""The pages of tokens."""
