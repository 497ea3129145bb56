"""The texts of mails to drivers about their bookings."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.enums import STATUS

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.amounts import money
from eosvolt.adapters.http.presentation.booking_names import CANCEL_REASONS
from eosvolt.adapters.http.presentation.instants import time_span, zone_text
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.notification_messages import Attachment
from eosvolt.domain.money import Money

Text = Callable[[AccountMail, str], tuple[str, list[str]]]


def attachments(mail: AccountMail, base_url: str) -> tuple[Attachment, ...]:
    """The booking for the driver's calendar program (RFC 5545); nothing with other mails.

    The entry of a later mail takes the place of the one before: it has the same id and a higher number.
    """
    values = mail.values
    if mail.kind not in TEXTS:
        return ()
    over = mail.kind in {AccountMailKind.BOOKING_CANCELLED, AccountMailKind.BOOKING_MISSED}
    entry = Event.new(
        uid=f"{values['booking']}@{urlsplit(base_url).hostname or 'eosvolt'}",
        start=datetime.fromisoformat(values["since"]),
        end=datetime.fromisoformat(values["until"]),
        stamp=datetime.fromisoformat(values["at"]),
        sequence=int(values["version"]),
        summary=gettext("Plug {plug}, {company}", plug=values["plug"], company=values["company"]),
        location=values["place"],
        status=STATUS.CANCELLED if over else STATUS.CONFIRMED,
    )
    calendar = Calendar.new(prodid="-//eosvolt//bookings//EN", subcomponents=[entry])
    return (Attachment("booking.ics", "text/calendar", bytes(calendar.to_ical())),)


def _made(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Booked: {slot}", slot=_slot(mail.values)), [
        gettext("Your plug at {place} is booked.", place=mail.values["place"]),
        _where(mail.values),
        *_cost(mail.values),
        _yours(mail, base_url),
    ]


def _changed(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    values, reason = mail.values, mail.values.get("reason", "")
    before = {**values, **{name: values[f"before.{name}"] for name in ("since", "until", "plug")}}
    return gettext("Changed booking: {slot}", slot=_slot(values)), [
        gettext("Your booking at {place} was changed.", place=values["place"]),
        *([gettext("Reason: {reason}", reason=CANCEL_REASONS[reason])] if reason else []),
        _where(values),
        gettext("Before: {slot}, plug {plug}.", slot=_slot(before), plug=before["plug"]),
        *_cost(values),
        _yours(mail, base_url),
    ]


def _cancelled(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    values = mail.values
    return gettext("Cancelled booking: {slot}", slot=_slot(values)), [
        gettext("Your booking at {place} was cancelled.", place=values["place"]),
        gettext("Reason: {reason}", reason=CANCEL_REASONS[values["reason"]]),
        *([values["note"]] if values["note"] else []),
        _where(values),
        *_owed(values, kept=bool(values["feeKept"])),
        _yours(mail, base_url),
    ]


def _missed(mail: AccountMail, base_url: str) -> tuple[str, list[str]]:
    return gettext("Missed booking: {slot}", slot=_slot(mail.values)), [
        gettext(
            "You had booked a plug at {place}, and nobody charged in time. The plug is free for others now.",
            place=mail.values["place"],
        ),
        _where(mail.values),
        *_owed(mail.values, kept=True),
        _yours(mail, base_url),
    ]


def _where(values: Mapping[str, str]) -> str:
    return gettext(
        "{slot}, plug {plug}, {place}", slot=_slot(values), plug=values["plug"], place=values["place"]
    )


def _cost(values: Mapping[str, str]) -> list[str]:
    """What the booking costs, where it does."""
    fee = _fee(values)
    return [gettext("Booking fee: {amount}.", amount=money(fee))] if fee.minor else []


def _owed(values: Mapping[str, str], *, kept: bool) -> list[str]:
    """Whether what the booking costs is charged now that it is over."""
    fee = _fee(values)
    if not fee.minor:
        return []
    charged = gettext("The booking fee of {amount} is charged.", amount=money(fee))
    return [charged if kept else gettext("You pay no booking fee.")]


def _yours(mail: AccountMail, base_url: str) -> str:
    page = f"{base_url}/drive/bookings/{mail.values['booking']}"
    return gettext("Your booking with {company}: {page}", company=mail.values["company"], page=page)


def _fee(values: Mapping[str, str]) -> Money:
    return Money(values["currency"], int(values["feeMinor"]))


def _slot(values: Mapping[str, str]) -> str:
    """The time on the location's clock, with its zone."""
    since, until = (datetime.fromisoformat(values[name]) for name in ("since", "until"))
    zone = values["zone"]
    return f"{time_span(since, until, zone)} {zone_text(until.astimezone(ZoneInfo(zone)), zone)}"


TEXTS: Mapping[AccountMailKind, Text] = {
    AccountMailKind.BOOKING_MADE: _made,
    AccountMailKind.BOOKING_CHANGED: _changed,
    AccountMailKind.BOOKING_CANCELLED: _cancelled,
    AccountMailKind.BOOKING_MISSED: _missed,
}
