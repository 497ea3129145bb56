"""Validates e-mail addresses (RFC 5321 §4.1.2, RFC 6531) with the library ``email-validator``."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

# RFC 5321 §4.5.3.1.3. Checked first, because validating a megabyte of text would block the event loop.
LONGEST_ADDRESS = 254
# Domains of mail servers in private networks, which the library refuses by default.
_INSIDE = frozenset({"local", "localhost", "test"})

# The library's documentation recommends changing this list to allow such names.
SPECIAL_USE_DOMAIN_NAMES[:] = [each for each in SPECIAL_USE_DOMAIN_NAMES if each not in _INSIDE]


def is_email_address(text: str) -> bool:
    """Whether ``text`` is one bare address: no display name, no quotes, no bracketed IP address.

    The domain is not looked up. A host name without a dot is allowed: mail servers inside a network have one.
    """
    if len(text) > LONGEST_ADDRESS:
        return False
    try:
        validate_email(text, check_deliverability=False, globally_deliverable=False, strict=True)
    except EmailNotValidError:
        return False
    return True
