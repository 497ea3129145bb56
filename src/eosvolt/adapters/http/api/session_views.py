"""A session as the API shows it, with its price so far or its bill."""

from datetime import datetime
from typing import Any

from msgspec import field

from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.tariffs import TariffView
from eosvolt.adapters.http.framework.api_types import MoneyView, View, amount, paid
from eosvolt.adapters.http.presentation.pricing import average_price, priced
from eosvolt.application.payment_methods import PaymentMethod, payment_method
from eosvolt.domain.tariffs.rating import PriceLine, whole_seconds
from eosvolt.projections.session_row import SessionRow


class LineView(View, frozen=True, kw_only=True):
    """A line of the bill. ``kind`` is energy, time or blockingFee; ``price`` is gross per ``unit``.

    ``gross`` is exactly ``quantity`` × ``price``, rounded half-up to the currency's minor unit. Time is
    billed in whole ``seconds``, of which ``quantity`` is the minutes; thirds of a minute are rounded up at
    the twelfth decimal. ``seconds`` is absent in bills from before November 2026, which have only hundredths
    of a minute.
    """

    kind: str
    since: datetime = field(name="from")
    until: datetime = field(name="to")
    quantity: str
    unit: str
    price: str
    gross: MoneyView
    net: MoneyView
    vat: MoneyView
    seconds: int | None = None


class SessionView(View, frozen=True, kw_only=True):
    """A session. While it is charging, amounts are what it would cost if it ended now.

    ``status`` is pending, charging, suspended, blocking, completed or failed; ``flags`` name anomalies.
    ``heldBackWh`` is the energy of the register beyond the plug's full power: it is not billed unless an
    operator agrees (`POST /sessions/{session}/held-energy`). After charging it is not part of ``energyWh``;
    while charging it is the part of ``energyWh`` that is not in the amounts. ``customerId`` is the customer
    whose token it was at the start; it stays when the customer is erased.
    ``customerGroupId`` is the group whose price the tariff is. ``refunded`` is what was given back of
    ``total``, absent where nothing was (`GET /sessions/{session}/refunds`). ``receiptNumber`` is the number
    of the receipt, absent until it is issued, ``invoiceNumber`` that of the invoice that the session is on.
    ``paymentMethod`` is how it is paid for: by ``invoice`` to the customer, by ``card`` each time, or
    ``none`` is known.
    """

    id: str
    number: int
    status: str
    type: str
    location_id: str
    charge_box_id: str
    plug: int
    token: str
    started_at: datetime
    time_zone: str
    energy_wh: int
    charging: MoneyView
    blocking_fee: MoneyView
    total: MoneyView
    net: MoneyView
    vat: MoneyView
    lines: list[LineView]
    transaction_id: int
    authorization: str
    group_uid: str = ""
    ended_at: datetime | None = None
    freed_at: datetime | None = None
    average_price: MoneyView | None = None
    meter_start_wh: int | None = None
    meter_stop_wh: int | None = None
    power_w: int | None = None
    soc_percent: float | None = None
    metered_at: datetime | None = None
    reason: str = ""
    provisional: bool = False
    flags: tuple[str, ...] = ()
    command_id: str = ""
    held_back_wh: int = 0
    customer_id: str = ""
    customer_group_id: str = ""
    refunded: MoneyView | None = None
    receipt_number: str = ""
    invoice_number: str = ""
    payment_method: PaymentMethod
    booking_id: str = ""


class SessionDetailView(SessionView, frozen=True, kw_only=True):
    """A session with the tariff that was pinned when it started."""

    tariff: TariffView | None = None


def session_view(row: SessionRow, now: datetime) -> SessionView:
    """A session in a list."""
    return SessionView(**_shared(row, now))


def session_detail(row: SessionRow, now: datetime) -> SessionDetailView:
    """A session on its own."""
    pinned = None if row.tariff is None else tariffs.view(row.tariff)
    return SessionDetailView(tariff=pinned, **_shared(row, now))


def _shared(row: SessionRow, now: datetime) -> dict[str, Any]:
    price = priced(row, now)
    average = average_price(price, row.energy_wh)
    return {
        "id": row.id,
        "number": row.number,
        "status": row.status,
        "type": row.type,
        "location_id": row.location,
        "charge_box_id": row.charge_point,
        "plug": row.connector,
        "token": row.token,
        "customer_id": row.customer,
        "payment_method": payment_method(row.customer, row.payment),
        "customer_group_id": row.customer_group,
        "group_uid": row.group,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "freed_at": row.freed_at,
        "time_zone": row.time_zone,
        "energy_wh": row.energy_wh,
        "charging": paid(price.charging.gross),
        "blocking_fee": paid(price.blocking.gross),
        "total": paid(price.total.gross),
        "net": paid(price.total.net),
        "vat": paid(price.total.vat),
        "average_price": None if average is None else paid(average),
        "lines": [line_view(line) for line in price.all_lines],
        "transaction_id": row.transaction,
        "authorization": row.authorization,
        "meter_start_wh": row.meter_start_wh,
        "meter_stop_wh": row.meter_stop_wh,
        "power_w": row.power_w,
        "soc_percent": row.soc_percent,
        "metered_at": row.metered_at,
        "reason": row.reason,
        "provisional": row.provisional,
        "flags": row.flags,
        "command_id": row.remote_command,
        "held_back_wh": price.held_wh,
        "refunded": amount(row.currency, row.refunded_gross) if row.refunds else None,
        "receipt_number": row.receipts[-1].number if row.receipts else "",
        "invoice_number": row.invoice,
        "booking_id": row.booking,
    }


def line_view(line: PriceLine) -> LineView:
    """A line of a bill as the API shows it."""
    return LineView(
        kind=line.kind,
        since=line.since,
        until=line.until,
        quantity=f"{line.quantity:f}",
        unit=line.unit,
        price=f"{line.price:f}",
        gross=paid(line.gross),
        net=paid(line.net),
        vat=paid(line.vat),
        seconds=whole_seconds(line),
    )
