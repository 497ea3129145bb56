"""``/driver/sessions``: drivers start, watch and stop their own sessions."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.session_views import LineView, line_view
from eosvolt.adapters.http.api.tariffs import TariffView
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items, Limit, MoneyView, View, paid
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.driven_sessions import (
    OwnSession,
    next_fee_at,
    own_session,
    own_sessions,
)
from eosvolt.adapters.http.presentation.driver_payments import ShownPayment
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.adapters.http.presentation.pricing import priced
from eosvolt.adapters.http.presentation.receipt import receipt_file
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverStart, DriverStop
from eosvolt.domain.payments.state import PaymentStatus


class StartRequest(ApiInput, frozen=True, kw_only=True):
    """A plug, as the QR code on it names it."""

    company: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    charge_box_id: Annotated[str, Meta(max_length=200)]
    plug: Annotated[int, Meta(ge=1, le=1000)]


class DriverPaymentView(View, frozen=True, kw_only=True):
    """The payment of a driver who pays each time.

    ``held`` is what is or was held at most, ``taken`` what was captured, ``returned`` what of it went back,
    ``owed`` what a session that is over cost beyond that. While it is `opened`, the driver confirms it at
    ``address``, if that is not empty.
    """

    status: PaymentStatus
    held: MoneyView
    taken: MoneyView
    returned: MoneyView
    owed: MoneyView
    address: str = ""


class DriverSessionView(View, frozen=True, kw_only=True):
    """A session, or a start that has not led to one.

    ``phase``: paying (charging starts once an amount is held), starting, failed (``reason`` says why),
    charging, blocking (the plug is not free yet) or over. ``payment``: of drivers who are no
    customers; not in lists.
    While it goes on, amounts are what it would cost if it ended now, to the cent as the bill would have them.
    ``nextFeeAt`` is when the next blocking fee is due if the plug is not freed.
    """

    id: str
    phase: Literal["paying", "starting", "failed", "charging", "blocking", "over"]
    company: int
    charge_box_id: str
    lines: list[LineView]
    plug: int | None = None
    location_id: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    freed_at: datetime | None = None
    time_zone: str = ""
    energy_wh: int | None = None
    power_w: int | None = None
    soc_percent: float | None = None
    metered_at: datetime | None = None
    charging: MoneyView | None = None
    blocking_fee: MoneyView | None = None
    total: MoneyView | None = None
    next_fee_at: datetime | None = None
    tariff: TariffView | None = None
    reason: str = ""
    payment: DriverPaymentView | None = None


class DriverStopView(View, frozen=True, kw_only=True):
    """The command that asks the charger to stop."""

    command_id: str


class OwnSessionsQuery(ApiInput, frozen=True, kw_only=True):
    """A page of the driver's sessions."""

    limit: Limit = 50
    cursor: Cursor | None = None


@endpoint("POST", "/driver/sessions", status=202, refusals=(409,), operation=driving.start)
async def start_session(call: ApiCall, body: StartRequest) -> Answer[DriverSessionView]:
    """Ask the charger to start. The session follows once the car is connected: ask for it by the `id`.

    Where payments are taken, a driver who is no customer pays first: the phase is `paying`, and the charger
    is asked once the amount is held.

    409 where the driver may not charge: the operator does not know the driver, the location is closed, the
    plug is in use, or the charger is not connected.
    """
    command = call.new_id()
    wanted = DriverStart(email=call.driver.email, charger=body.charge_box_id, plug=body.plug, command=command)
    await call.run_at(body.company, driving.start, wanted)
    there = await _own(call, command)
    return Answer(_view(there, call.now), {"Location": f"/api/v1/driver/sessions/{command}"})


@endpoint("GET", "/driver/sessions", needs=driving.DRIVE)
async def list_own_sessions(call: ApiCall, query: OwnSessionsQuery) -> Answer[Items[DriverSessionView]]:
    """The driver's sessions at all companies, the newest first."""
    page = await own_sessions(call.dependencies, call.driver, cursor=query.cursor, limit=query.limit)
    views = [_view(OwnSession(row.id, row.company, row, None), call.now) for row in page.items]
    return Answer(Items(items=views, cursor=page.cursor), next_link(call.request, page.cursor))


@endpoint("GET", "/driver/sessions/{session}", needs=driving.DRIVE)
async def get_own_session(call: ApiCall, session: str) -> DriverSessionView:
    """A session of the driver's with its cost so far, by its id or by that of the start."""
    return _view(await _own(call, session), call.now)


@endpoint("POST", "/driver/sessions/{session}/stop", status=202, refusals=(409,), operation=driving.stop)
async def stop_own_session(call: ApiCall, session: str) -> DriverStopView:
    """Ask the charger to stop. 409 if the session does not charge any more."""
    there = await _own(call, session)
    wanted = DriverStop(email=call.driver.email, session=there.id, command=call.new_id())
    return DriverStopView(command_id=await call.run_at(there.company, driving.stop, wanted))


@endpoint(
    "GET",
    "/driver/sessions/{session}/receipt",
    media=(PDF,),
    refusals=(409,),
    needs=driving.DRIVE,
)
async def get_own_receipt(call: ApiCall, session: str) -> Response:
    """The receipt of a session as a PDF. 409 while the session is not over."""
    there = await _own(call, session)
    return await receipt_file(call.dependencies, call.queries, there.company, there.id)


async def _own(call: ApiCall, session: str) -> OwnSession:
    found = await own_session(call.dependencies, call.driver, session)
    if found is None:
        raise not_found()
    return found


def _view(own: OwnSession, now: datetime) -> DriverSessionView:
    row = own.row
    if row is None:
        return DriverSessionView(
            id=own.id,
            phase=own.phase,
            company=own.company,
            charge_box_id=own.charger,
            lines=[],
            plug=own.plug,
            reason=own.reason,
            payment=_payment_view(own.payment),
        )
    price = priced(row, now)
    return DriverSessionView(
        id=own.id,
        phase=own.phase,
        company=own.company,
        charge_box_id=row.charge_point,
        plug=row.connector,
        location_id=row.location,
        started_at=row.started_at,
        ended_at=row.ended_at,
        freed_at=row.freed_at,
        time_zone=row.time_zone,
        energy_wh=row.energy_wh,
        power_w=row.power_w,
        soc_percent=row.soc_percent,
        metered_at=row.metered_at,
        lines=[line_view(each) for each in price.all_lines],
        charging=paid(price.charging.gross),
        blocking_fee=paid(price.blocking.gross),
        total=paid(price.total.gross),
        next_fee_at=next_fee_at(row, now),
        tariff=None if row.tariff is None else tariffs.view(row.tariff),
        reason=row.reason,
        payment=_payment_view(own.payment),
    )


def _payment_view(payment: ShownPayment | None) -> DriverPaymentView | None:
    if payment is None:
        return None
    return DriverPaymentView(
        status=payment.status,
        held=paid(payment.held),
        taken=paid(payment.taken),
        returned=paid(payment.returned),
        owed=paid(payment.owed),
        address=payment.address,
    )


ENDPOINTS = (start_session, list_own_sessions, get_own_session, stop_own_session, get_own_receipt)
