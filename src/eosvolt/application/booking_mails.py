"""Mails to drivers about their bookings: what happened to one, whoever or whatever did it.

Only customers with an e-mail address are told. Of whoever booked with a token alone nothing is known.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, get_args

from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.customers import CustomerDirectory
from eosvolt.application.executor import Application
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import (
    BookingCancelled,
    BookingExtended,
    BookingMade,
    BookingMoved,
    BookingRescheduled,
    NoShowNoted,
)
from eosvolt.domain.bookings.state import NoBooking
from eosvolt.domain.bookings.values import BookedPlug, SlotChoice
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.decider import Location, locations

# What drivers are told of.
_Told = BookingMade | BookingRescheduled | BookingExtended | BookingMoved | BookingCancelled | NoShowNoted
FOLLOWED = get_args(_Told)
NAME = "booking mails"


class MailStore(Protocol):
    """Where mails wait until they are sent."""

    async def put_once(self, mail: AccountMail, follower: str, position: int) -> None:
        """Store a mail about the event at a position, unless the follower is beyond it already."""
        ...


class BookingMails:
    """Stores the mails about what happens to bookings."""

    def __init__(self, application: Application, people: CustomerDirectory, mails: MailStore) -> None:
        """``people`` knows the addresses of customers."""
        self._application = application
        self._people = people
        self._mails = mails

    async def store(self, fact: Fact) -> None:
        """Store the mail about one event, once however often the log is read."""
        mail = await self._about(fact)
        if mail is not None:
            await self._mails.put_once(mail, NAME, fact.position)

    async def _about(self, fact: Fact) -> AccountMail | None:
        if not isinstance(fact.event, _Told):
            return None
        history = await self._application.history(bookings, fact.key)
        until_then: list[Any] = [each.event for each in history if each.version <= fact.version]
        state = bookings.fold(until_then)
        if isinstance(state, NoBooking):
            return None
        choice, company = state.choice, state.choice.company
        person = await self._people.person(company, choice.booker.customer)
        known = await self._application.state(customers, choice.booker.customer)
        if person is None or not person.email or not isinstance(known, Customer):
            return None
        kind, values = _what(fact.event, choice)
        entry = {"version": str(fact.version), "at": fact.event.at.isoformat()}
        values = {**await self._values(choice), **values, **entry}
        return AccountMail(kind, person.email, known.language.value, values, company)

    async def _values(self, choice: SlotChoice) -> Mapping[str, str]:
        company = await self._application.state(companies, str(choice.company))
        location = await self._application.state(locations, choice.location)
        fee = choice.fee
        return {
            "booking": choice.booking,
            "company": company.name if isinstance(company, Company) else "",
            "place": location.details.name if isinstance(location, Location) else "",
            "zone": choice.time_zone,
            "plug": _plug(choice.plug),
            **_slot(choice.since, choice.until),
            "currency": fee.amount.currency if fee is not None else "",
            "feeMinor": str(fee.amount.minor) if fee is not None else "0",
        }


def _what(
    event: BookingMade | BookingRescheduled | BookingExtended | BookingMoved | BookingCancelled | NoShowNoted,
    choice: SlotChoice,
) -> tuple[AccountMailKind, Mapping[str, str]]:
    """The kind of mail about an event, and what it says besides the slots."""
    match event:
        case BookingMade():
            return AccountMailKind.BOOKING_MADE, {}
        case BookingRescheduled():
            before = _slot(event.previous_since, event.previous_until, event.previous_plug)
            return AccountMailKind.BOOKING_CHANGED, _before(before)
        case BookingExtended():
            before = _slot(choice.since, event.previous_until, choice.plug)
            return AccountMailKind.BOOKING_CHANGED, _before(before)
        case BookingMoved():
            before = _slot(choice.since, choice.until, event.previous_plug)
            reason = event.reason.value if event.reason is not None else ""
            return AccountMailKind.BOOKING_CHANGED, {**_before(before), "reason": reason}
        case BookingCancelled():
            kept = "yes" if event.fee_kept else ""
            return AccountMailKind.BOOKING_CANCELLED, {
                "reason": event.reason.value,
                "note": event.note,
                "feeKept": kept,
            }
        case NoShowNoted():
            return AccountMailKind.BOOKING_MISSED, {}


def _slot(since: datetime, until: datetime, plug: BookedPlug | None = None) -> dict[str, str]:
    slot = {"since": since.isoformat(), "until": until.isoformat()}
    return slot if plug is None else slot | {"plug": _plug(plug)}


def _before(slot: Mapping[str, str]) -> dict[str, str]:
    return {f"before.{name}": value for name, value in slot.items()}


def _plug(plug: BookedPlug) -> str:
    return f"{plug.charge_point} · {plug.connector}"
