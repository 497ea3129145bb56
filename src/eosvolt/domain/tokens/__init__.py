"""Tokens: the cards, apps and keys that customers charge with."""
