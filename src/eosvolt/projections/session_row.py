"""A session as screens and exports see it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from eosvolt.domain.home_statements.sessions import HomeSession
from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.sessions.running_bill import RunningBill
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.tokens.uid import folded
from eosvolt.projections.read_model import Row
from eosvolt.projections.refunds import Refund


class SessionStatus(StrEnum):
    """The product's words for where a session stands."""

    PENDING = "pending"
    CHARGING = "charging"
    SUSPENDED = "suspended"
    BLOCKING = "blocking"
    COMPLETED = "completed"
    FAILED = "failed"


# A session with one of these goes on: it charges, may charge, or may still cost fees.
OPEN_STATUSES = (
    SessionStatus.PENDING,
    SessionStatus.CHARGING,
    SessionStatus.SUSPENDED,
    SessionStatus.BLOCKING,
)


class SessionReceipt(Struct, frozen=True):
    """The numbered receipt of a bill, recorded at ``at``; ``corrects`` is the number of the one before it."""

    number: str
    at: datetime
    total: Taxed
    corrects: str = ""


class SessionRow(Row, frozen=True, kw_only=True):
    """A session.

    Amounts are minor units of ``currency``; ``charging_*`` is 0 until the charging phase is billed. ``lines``
    price the charging phase, ``fees`` are the blocking-fee intervals that stand. ``running`` is what a
    running session's price so far is computed from. ``held_wh`` is what the register says beyond what the
    plug can have delivered: not billed until an operator agrees. ``ended_wh`` is ``energy_wh`` once the
    session has ended, ``None`` before: an index of it is not touched by every meter value. ``customer`` is
    the id of the customer whose token it was at the start, ``customer_group`` that of the group whose price
    the tariff is. ``total_gross`` is what the session cost, ``refunded_gross`` what of it was given back.
    ``receipts`` are those that were issued, the newest last; ``numbered`` says whether they are.
    ``receipt_due_at`` is since when another one waits to be issued. ``invoice`` is the number of the invoice
    that it is on, ``payment`` the id of the payment by which its driver pays, ``booking`` that of the booking
    that it began with.
    """

    id: str
    number: int
    company: int
    location: str
    charge_point: str
    connector: int
    time_zone: str
    currency: str
    transaction: int
    token: str
    group: str
    type: str
    authorization: str
    status: str
    started_at: datetime
    received_at: datetime
    ended_at: datetime | None = None
    freed_at: datetime | None = None
    meter_start_wh: int | None = None
    meter_stop_wh: int | None = None
    energy_wh: int = 0
    ended_wh: int | None = None
    power_w: int | None = None
    soc_percent: float | None = None
    metered_at: datetime | None = None
    reason: str = ""
    provisional: bool = False
    flags: tuple[str, ...] = ()
    remote_command: str = ""
    tariff: Tariff | None = None
    running: RunningBill | None = None
    held_wh: int = 0
    lines: tuple[PriceLine, ...] = ()
    fees: tuple[PriceLine, ...] = ()
    charging_gross: int = 0
    charging_net: int = 0
    charging_vat: int = 0
    blocking_gross: int = 0
    blocking_net: int = 0
    blocking_vat: int = 0
    total_gross: int = 0
    customer: str = ""
    customer_group: str = ""
    refunds: tuple[Refund, ...] = ()
    refunded_gross: int = 0
    numbered: bool = False
    receipts: tuple[SessionReceipt, ...] = ()
    receipt_due_at: datetime | None = None
    invoice: str = ""
    payment: str = ""
    booking: str = ""

    @property
    def total(self) -> Taxed:
        """What the session cost, with its parts."""
        return Taxed(
            Money(self.currency, self.total_gross),
            Money(self.currency, self.charging_net + self.blocking_net),
            Money(self.currency, self.charging_vat + self.blocking_vat),
        )


def home_session(row: SessionRow) -> HomeSession | None:
    """The session as one at a home whose owner is reimbursed; ``None`` for others and presumed ends."""
    if row.tariff is None or row.tariff.business is None or row.ended_at is None or row.provisional:
        return None
    return HomeSession(
        session=row.id,
        number=row.number,
        home=row.location,
        profile=row.tariff.business.profile,
        charger=row.charge_point,
        token=row.token,
        business=folded(row.token) in row.tariff.business.tokens,
        started_at=row.started_at,
        ended_at=row.ended_at,
        time_zone=row.time_zone,
        energy_wh=row.energy_wh,
        meter_start_wh=row.meter_start_wh,
        meter_stop_wh=row.meter_stop_wh,
    )
