"""Which characters people and programs may write: the one rule for the API and the pages' forms.

Control characters and marks that turn the direction of writing are refused: they cannot be seen, and make a
name look like another one. Line ends and tabs belong into texts of several lines only.
"""

import re

# By their names in the API and in forms: what may have lines.
MANY_LINES = frozenset(
    {
        "address",
        "certificate",
        "certificateChain",
        "certificates",
        "csr",
        "data",
        "note",
        "reason",
        "signingCertificate",
        "value",
    }
)

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINES = frozenset("\t\n\r")


def unseen(text: str, field: str) -> str:
    """What is wrong with a text that was written into ``field``; empty where nothing is."""
    for found in _UNSEEN.finditer(text):
        if found[0] not in _LINES or field not in MANY_LINES:
            return f"There is a character in it that cannot be seen (U+{ord(found[0]):04X})."
    return ""


def plain(text: str) -> str:
    """What somebody typed, without blanks around it and without what no text can hold."""
    return text.replace("\0", "").strip()
