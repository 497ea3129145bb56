"""The composition root: it creates adapters and application services and connects them."""
