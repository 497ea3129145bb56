"""A park of chargers that keep their own books, and everything that can go wrong around them."""
