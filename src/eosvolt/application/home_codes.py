"""Codes with which somebody becomes the owner of a home charger."""

from hashlib import sha256

# Codes are in Crockford's base 32: no I, L, O and U, so that nobody reads a code in two ways.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")


def code_digest(code: str) -> str:
    """The SHA-256 of a code in hex; case, blanks, dashes and mistaken letters do not matter."""
    letters = "".join(each for each in code.upper() if each.isalnum()).translate(_MISREAD)
    return sha256(letters.encode()).hexdigest()
