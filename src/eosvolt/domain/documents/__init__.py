"""Numbered documents: which number is next, and which document has each."""
