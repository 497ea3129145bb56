"""The allowed characters in texts, for the API and the pages' forms.

Control characters and bidirectional marks are refused, because they are invisible and can make a name look
like another one. Line ends and tabs are allowed in texts of several lines only.
"""

import re

# The fields that may have several lines, by their names in the API and in forms.
MANY_LINES = frozenset(
    {
        "address",
        "certificate",
        "certificateChain",
        "certificates",
        "csr",
        "data",
        "note",
        "notes",
        "reason",
        "restartInstructions",
        "signingCertificate",
        "supportRestart",
        "tokenLines",
        "value",
    }
)

_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINES = frozenset("\t\n\r")


def invisible_characters(text: str, field: str) -> str:
    """The error of a text in ``field``; empty if it is allowed."""
    for found in _INVISIBLE.finditer(text):
        if found[0] not in _LINES or field not in MANY_LINES:
            return f"There is a character in it that cannot be seen (U+{ord(found[0]):04X})."
    return ""


def plain(text: str) -> str:
    """The typed text without surrounding blanks and without characters that no text may contain."""
    return text.replace("\0", "").strip()
