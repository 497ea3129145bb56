"""What is wrong with a password that somebody chose."""

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.application.access import LONGEST_PASSWORD, SHORTEST_PASSWORD


def password_problem(password: str) -> str:
    """Why people cannot have this password; empty for one that they can."""
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return ""
    return gettext(
        "A password has {shortest_password} to {longest_password} characters.",
        shortest_password=SHORTEST_PASSWORD,
        longest_password=LONGEST_PASSWORD,
    )
