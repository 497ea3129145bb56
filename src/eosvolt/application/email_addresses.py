"""Which texts are e-mail addresses (RFC 5321 §4.1.2, RFC 6531), judged by the library ``email-validator``."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

# RFC 5321 §4.5.3.1.3. Checked first: judging a megabyte of text would hold up everybody else.
LONGEST_ADDRESS = 254
# Names of mail servers inside a company's own network. The library refuses them: nobody outside reaches them.
_INSIDE = frozenset({"local", "localhost", "test"})

# The library's documentation asks for this list to be changed where such names are wanted.
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
