"""Pictures with the library Pillow."""
