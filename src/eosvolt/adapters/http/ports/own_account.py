"""The port to what people do to their own accounts."""

from collections.abc import Sequence
from typing import Protocol

from eosvolt.application.account_mails import AccountMail
from eosvolt.application.own_account import WebSession


class AccountSecurity(Protocol):
    """Changes to one account each, of people of companies or of platform staff."""

    async def right_password(self, account: str, password: str) -> bool:
        """Whether it is the account's password."""
        ...

    async def change_password(self, account: str, password: str, secret: str) -> None:
        """Set another password and end all web sessions but that of ``secret``. Raises ``Rejected``."""
        ...

    async def sessions(self, account: str, secret: str) -> Sequence[WebSession]:
        """The account's web sessions, the last used first; the one of ``secret`` is the current one."""
        ...

    async def end_session(self, account: str, session: str) -> bool:
        """End one of the account's web sessions by its id; ``False`` if it has no such session."""
        ...

    async def end_other_sessions(self, account: str, secret: str) -> None:
        """End all web sessions but that of ``secret``."""
        ...


class OwnAccounts(AccountSecurity, Protocol):
    """What people of companies have beside: links to set another password."""

    async def check_reset(self, secret: str) -> None:
        """Raise ``Rejected`` with the reason if a link to set another password cannot be used."""
        ...

    async def reset_password(self, secret: str, password: str) -> None:
        """Set another password by a link, once, and end all web sessions. Raises ``Rejected``."""
        ...


class AccountMailBox(Protocol):
    """The mails about accounts that are to be sent."""

    async def put(self, mail: AccountMail) -> None:
        """Store a mail to be sent."""
        ...
