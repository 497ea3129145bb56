"""The digest under which secrets of browsers and links are stored."""

import hashlib


def digest_of_secret(secret: str) -> bytes:
    """SHA-256 of a secret that was drawn by chance: whoever reads the table cannot use it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
