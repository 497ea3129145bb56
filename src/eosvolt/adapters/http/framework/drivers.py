"""Authentication of drivers, apart from that of companies: by a mailed code, with cookies of their own.

Only requests below ``/drive`` and ``/api/v1/driver`` are looked at: nowhere else does a driver get in.
"""

import time

from starlette.requests import HTTPConnection

from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.texts import current
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.framework.web_sessions import SignedIn, address_of
from eosvolt.application.drivers import CODE_DIGITS, SESSION_LASTS, Driver, DriverAccounts
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.throttle import Throttle, network

_PLACES = ("/drive", "/api/v1/driver")


class DriverGate:
    """Authenticates drivers. One per process: it limits mails and wrong codes."""

    def __init__(self, accounts: DriverAccounts, *, secure: bool) -> None:
        """Mails three codes at once to an address, then one every two minutes. ``secure``: by https.

        Of codes, ten may be tried at once for an address from one network, forty from everywhere. The limits
        are the same whether or not anybody has the address.
        """
        self._accounts = accounts
        # The code is typed on a page that was opened from a mail or a QR code.
        self.cookie = HostCookie("eosvolt-driver", int(SESSION_LASTS.total_seconds()), secure, "lax")
        self._mails_to = Throttle(per_second=1 / 120, burst=3, clock=time.monotonic)
        self._mails_from = Throttle(per_second=1 / 20, burst=20, clock=time.monotonic)
        self._codes = Throttle(per_second=1 / 30, burst=10, clock=time.monotonic)
        self._codes_for = Throttle(per_second=1 / 20, burst=40, clock=time.monotonic)
        self._codes_from = Throttle(per_second=1 / 2, burst=60, clock=time.monotonic)
        self._homes = Throttle(per_second=1 / 10, burst=20, clock=time.monotonic)

    async def driver(self, connection: HTTPConnection, token: str = "") -> Driver | None:
        """Which driver sends a request, by ``token`` or else by cookie; ``None`` for everybody else."""
        if not on_drive(connection):
            return None
        secret = token or self.cookie.secret(connection)
        return await self._accounts.by_secret(secret) if secret else None

    async def ask_code(self, connection: HTTPConnection, email: str) -> None:
        """Mail a code to an address, in the language of the request.

        Raises ``InvalidValue`` for no address, and a 429 ``Problem`` after too many.
        """
        if not is_email_address(email.strip()):
            raise InvalidValue("email", "This is not an e-mail address.")
        site = network(address_of(connection))
        check_wait(max(self._mails_to.take(email.strip().casefold()), self._mails_from.take(site)))
        await self._accounts.mail_code(email, current().code)

    async def sign_in(self, connection: HTTPConnection, email: str, code: str) -> SignedIn | None:
        """Let in who has the right code; ``None`` for a wrong one. Blanks in it do not matter.

        Raises a 429 ``Problem`` after too many codes.
        """
        folded, site = email.strip().casefold(), network(address_of(connection))
        waits = (
            self._codes.take(f"{folded} {site}"),
            self._codes_for.take(folded),
            self._codes_from.take(site),
        )
        check_wait(max(waits))
        digits = "".join(code.split())
        if len(digits) != CODE_DIGITS or not digits.isascii() or not digits.isdecimal() or "\0" in folded:
            return None
        secret = await self._accounts.sign_in(email, digits, current().code)
        return None if secret is None else SignedIn(secret)

    def check_codes_of_homes(self, connection: HTTPConnection) -> None:
        """Count a code of a home charger that is typed. Raises a 429 ``Problem`` after too many."""
        check_wait(self._homes.take(network(address_of(connection))))

    async def sign_out(self, connection: HTTPConnection, token: str = "") -> None:
        """Sign out."""
        if secret := token or self.cookie.secret(connection):
            await self._accounts.sign_out(secret)


def on_drive(connection: HTTPConnection) -> bool:
    """Whether a request is for drivers."""
    path = connection.url.path
    return any(path == place or path.startswith(f"{place}/") for place in _PLACES)
