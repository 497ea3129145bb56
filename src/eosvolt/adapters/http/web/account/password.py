"""The present password, which every change to one's own account asks for.

Attempts are counted together with those of all other questions for it (``framework/confirmation.py``).
"""

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.account.own_request import OwnRequest


async def password_problems(request: OwnRequest) -> dict[str, str]:
    """The problem with the form's field ``present``; empty for the right password.

    Raises a 429 ``Problem`` after too many attempts.
    """
    count_attempt(request)
    if not await request.security.right_password(request.account, request.password("present")):
        return {"present": gettext("This is not your present password.")}
    request.dependencies.confirmation.forgive(request.account)
    return {}


def count_attempt(request: OwnRequest) -> None:
    """Count an attempt with a password or a code. Raises a 429 ``Problem`` after too many."""
    request.dependencies.confirmation.count(request.account)
