"""What platform staff do, for the API and the pages: the links they send, and the numbers they give."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.operations.operation import AlreadyThere
from eosvolt.application.operations.platform import CompanyInvitation
from eosvolt.application.registration import company_number
from eosvolt.application.staff import INVITATION_LASTS, PlatformCompany

# So many others may take a number first.
_ATTEMPTS = 20


def invitation(
    dependencies: Dependencies, company: int, email: str, language: str, now: datetime
) -> CompanyInvitation:
    """A new link for a company."""
    secret = secrets.token_urlsafe(24)
    return CompanyInvitation(
        email=email,
        link=f"{dependencies.public_url}/register/{company}/{secret}",
        secret_digest=sha256(secret.encode()).hexdigest(),
        expires_at=now + INVITATION_LASTS,
        language=language,
    )


async def with_a_number(
    dependencies: Dependencies, wanted: int | None, invite: Callable[[int], Awaitable[None]]
) -> int:
    """Invite with the ``wanted`` number, or with the next one that nobody has; returns the number.

    Raises ``AlreadyThere`` for a number that was given before.
    """
    if wanted is not None:
        await invite(wanted)
        return wanted
    for _ in range(_ATTEMPTS):
        number = await dependencies.platform.next_number()
        try:
            await invite(number)
        except AlreadyThere:
            await dependencies.queries.caught_up()
            continue
        return number
    raise AlreadyThere("Too many companies are invited at this moment. Please try again.")


async def known(dependencies: Dependencies, number: str, now: datetime) -> PlatformCompany:
    """The company with this number. Raises the 404 ``Problem`` if it was not given."""
    given = company_number(number)
    found = await dependencies.platform.company(given, now) if given else None
    if found is None:
        raise not_found()
    return found
