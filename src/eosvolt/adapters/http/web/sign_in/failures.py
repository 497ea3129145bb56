"""Many failed sign-ins for one e-mail address: the owner of the account gets a mail."""

import time

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.texts import current
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.throttle import Throttle

MANY = 10
_HOUR, _DAY = 3600.0, 86_400.0


class SignInFailures:
    """Counts failed sign-ins by address. It is the same for addresses without an account."""

    def __init__(self, dependencies: Dependencies) -> None:
        """A mail is requested after ten failures within an hour or so, at most once a day."""
        self._dependencies = dependencies
        self._failures = Throttle(per_second=MANY / _HOUR, burst=MANY - 1, clock=time.monotonic)
        self._mails = Throttle(per_second=1 / _DAY, burst=1, clock=time.monotonic)

    async def note(self, email: str, address: str) -> None:
        """One more failed sign-in, from a network address."""
        folded = email.strip().casefold()
        if not self._failures.take(folded) or self._mails.take(folded):
            return
        if self._dependencies.mail and is_email_address(folded):
            mail = AccountMail(
                AccountMailKind.SIGN_IN_FAILURES, folded, current().code, {"from": address or "–"}
            )
            await self._dependencies.account_mails.put(mail)
