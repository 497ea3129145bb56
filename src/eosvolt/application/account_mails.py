"""Mails to the owners of accounts, and to drivers: which there are, and their delivery.

A mail is stored before it is sent and is sent again until the mail server takes it. The secret of a link to
set another password is made when the mail is sent, so that nothing is stored that opens an account.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from eosvolt.application.failed_jobs import INSTALLATION
from eosvolt.application.notification_messages import (
    Attachment,
    NotificationMessage,
    Sender,
    Target,
    Undelivered,
)
from eosvolt.application.ports import Clock


class AccountMailKind(StrEnum):
    """The kinds of mails about accounts."""

    RESET = "reset"
    PASSWORD_CHANGED = "passwordChanged"  # noqa: S105 - a kind of mail, not a password
    SIGN_IN_FAILURES = "signInFailures"
    FACTOR_ADDED = "factorAdded"
    FACTOR_REMOVED = "factorRemoved"
    RECOVERY_CODES_MADE = "recoveryCodesMade"
    RECOVERY_CODE_USED = "recoveryCodeUsed"
    COMPANY_INVITATION = "companyInvitation"
    ADMIN_INVITATION = "adminInvitation"
    BANK_ACCOUNT_CHANGED = "bankAccountChanged"
    CUSTOMER_ACCOUNT_CHANGED = "customerAccountChanged"
    WITHDRAWAL_PAID = "withdrawalPaid"
    WITHDRAWAL_REJECTED = "withdrawalRejected"
    WITHDRAWAL_RETURNED = "withdrawalReturned"
    HOME_CHARGER_CODE = "homeChargerCode"
    DRIVER_CODE = "driverCode"
    BOOKING_MADE = "bookingMade"
    BOOKING_CHANGED = "bookingChanged"
    BOOKING_CANCELLED = "bookingCancelled"
    BOOKING_MISSED = "bookingMissed"


# To whoever has an account with the address. Whether there is one is only looked up when the mail is sent.
TO_THE_ACCOUNT = (AccountMailKind.RESET, AccountMailKind.SIGN_IN_FAILURES)


class AccountMail(NamedTuple):
    """A mail to be sent. ``values`` are those of its text."""

    kind: AccountMailKind
    address: str
    language: str
    values: Mapping[str, str] = {}
    company: int = INSTALLATION


class DueMail(NamedTuple):
    """A stored mail that is due."""

    id: int
    mail: AccountMail
    requested_at: datetime
    failed_before: bool


class Addressee(NamedTuple):
    """The account to which a mail goes. ``language`` is empty if it is not known."""

    account: str
    address: str
    language: str


class WrittenMail(NamedTuple):
    """The subject and the text of a mail, and what goes with it."""

    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()


class MailBox(Protocol):
    """The stored mails."""

    async def take_due(self, now: datetime) -> Sequence[DueMail]:
        """Take the mails to be sent now, the oldest first; no other process gets them meanwhile."""
        ...

    async def leave(self, mail: int) -> None:
        """Give back a mail that could not be sent."""
        ...

    async def done(self, mail: int) -> None:
        """Delete a mail that was sent, or is not to be sent any more."""
        ...

    async def addressee(self, address: str) -> Addressee | None:
        """The account that signs in with this e-mail address; ``None`` as well if it is deactivated."""
        ...

    async def reset_link(self, account: str) -> str:
        """Make a single-use secret to set another password of the account."""
        ...


Writer = Callable[[AccountMail], WrittenMail]


class AccountMailDelivery:
    """Sends stored mails."""

    def __init__(
        self, box: MailBox, sender: Sender | None, write: Writer, clock: Clock, base_url: str
    ) -> None:
        """Without a ``sender`` mails wait. ``write`` gives the text; ``base_url`` is where people find us."""
        self._box = box
        self._sender = sender
        self._write = write
        self._clock = clock
        self._base_url = base_url

    async def due(self) -> Sequence[DueMail]:
        """The mails to be sent now; none without a mail server."""
        return [] if self._sender is None else await self._box.take_due(self._clock.now())

    async def deliver(self, due: DueMail) -> None:
        """Send one mail and delete it. Raises ``Undelivered`` if it is worth another attempt."""
        try:
            await self._send(due)
        except BaseException:
            await self._box.leave(due.id)
            raise
        await self._box.done(due.id)

    async def _send(self, due: DueMail) -> None:
        mail = await self._ready(due.mail)
        if mail is not None and self._sender is not None:
            subject, text, attachments = self._write(mail)
            message = NotificationMessage(
                f"account-{due.id}", f"account.{mail.kind}", due.requested_at, subject, text, {}, attachments
            )
            try:
                await self._sender.send(Target((mail.address,), "", ""), message)
            except Undelivered as error:
                if not error.final:
                    raise

    async def _ready(self, mail: AccountMail) -> AccountMail | None:
        """The mail with its addressee and its link; ``None`` if nobody has the address."""
        if mail.kind not in TO_THE_ACCOUNT:
            return mail
        found = await self._box.addressee(mail.address)
        if found is None:
            return None
        values = dict(mail.values)
        if mail.kind is AccountMailKind.RESET:
            values["link"] = reset_address(self._base_url, await self._box.reset_link(found.account))
        return mail._replace(address=found.address, language=found.language or mail.language, values=values)


def reset_address(base_url: str, secret: str) -> str:
    """The URL at which another password is set."""
    return f"{base_url}/reset-password/{secret}"
