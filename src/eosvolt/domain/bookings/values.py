"""The values of bookings: who books, which plug, and codes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.money import Money
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.uid import folded


class Booker(Struct, frozen=True, omit_defaults=True):
    """Whose a booking is: a customer, with whichever of their tokens, or a token that is nobody's."""

    customer: str = ""
    token: str = ""

    @property
    def key(self) -> str:
        """What tells bookers of one company apart."""
        return f"customer/{self.customer}" if self.customer else f"token/{folded(self.token)}"

    def is_bearer(self, bearer: TokenBearer) -> bool:
        """Whether who presents a token is the booker."""
        if self.customer:
            return self.customer == bearer.customer
        return bool(self.token) and folded(self.token) == folded(bearer.token)


class BookedPlug(Struct, frozen=True, omit_defaults=True):
    """A plug: its charger's charge box id and its number there, with what it is.

    ``type`` is an OCPI connector standard, ``max_power_w`` what it delivers at most.
    """

    charge_point: str
    connector: int
    type: str = ""
    max_power_w: int = 0

    def key(self, company: int) -> str:
        """The key of the plug, as read models know it, and of its calendar."""
        return f"{company}/{self.charge_point}/{self.connector}"

    def replaces(self, other: "BookedPlug") -> bool:
        """Whether a car that is to charge at ``other`` can charge here as well."""
        return self.type == other.type and self.max_power_w >= other.max_power_w


class BookingFee(Struct, frozen=True):
    """What all slots of a booking cost, VAT at ``vat_rate`` (a fraction) included. It may be nothing."""

    amount: Money
    vat_rate: Decimal


class SlotChoice(Struct, frozen=True, kw_only=True):
    """Consecutive slots of a plug of a location, by whom, under which rules, for which fee (if any)."""

    booking: str
    company: int
    location: str
    time_zone: str
    plug: BookedPlug
    booker: Booker
    since: datetime
    until: datetime
    slots: int
    rules: BookingRules
    any_plug: bool = False
    fee: BookingFee | None = None


class SlotUnavailable(Rejected):
    """The slots cannot be booked: taken, not offered, or not at this time. The text says why."""


class BookingCancelReason(StrEnum):
    """Why a booking was cancelled, or its plug replaced.

    ``NO_SHOW`` is in the history of a booking that nobody used, beside its own event.
    """

    CHARGER_FAULT = "chargerFault"
    CHARGER_OFFLINE = "chargerOffline"
    PLUG_TAKEN = "plugTaken"
    BY_OPERATOR = "byOperator"
    BY_DRIVER = "byDriver"
    NO_SHOW = "noShow"


class HoldEnd(StrEnum):
    """Why a slot is no longer held."""

    RELEASED = "released"
    EXPIRED = "expired"
    REPLACED = "replaced"


class BookingEnd(StrEnum):
    """Why a used booking is over: its time, or somebody gave the rest of it back."""

    TIME_OVER = "timeOver"
    GIVEN_BACK = "givenBack"


class BookingStatus(StrEnum):
    """The states of a booking on screens and in the API. ``HELD`` slots are not bookings yet."""

    HELD = "held"
    BOOKED = "booked"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "noShow"
