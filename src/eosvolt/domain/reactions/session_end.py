"""When charging ends, the plug's transaction is over and the token is free.

When it ended by idling, the charger must be told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.commands import CloseTransaction, ReopenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.kernel import Order
from eosvolt.domain.sessions.events import ChargingEnded, EndWithdrawn, SessionEvent, SessionStarted
from eosvolt.domain.tokens.commands import ReleaseToken, UseToken
from eosvolt.domain.tokens.decider import tokens

# How long our stop may wait for a charger that is away before it makes no sense any more.
STOP_WITHIN = timedelta(seconds=60)
IDLE_WATCH = "system:idle-watch"


def idle_stop(session: str) -> str:
    """The id of the command that stops an idle session: one for each session, however often it is decided."""
    return f"idle-{session}"


def after_charging(start: SessionStarted, events: Sequence[SessionEvent], now: datetime) -> list[Order]:
    """What follows from the ends of a session and from those that proved wrong; ``start`` is its start."""
    orders: list[Order] = []
    for event in events:
        place, session = start.place, str(start.number)
        charge_point = f"{place.company}/{place.charge_point}"
        if isinstance(event, EndWithdrawn):
            reopen = ReopenTransaction(session=session, at=event.at)
            orders.append(Order(charge_points, charge_point, reopen))
            if start.token:
                use = UseToken(session=session, at=event.at)
                orders.append(Order(tokens, f"{place.company}/{start.token}", use))
        if not isinstance(event, ChargingEnded):
            continue
        orders.append(
            Order(
                charge_points,
                charge_point,
                CloseTransaction(session=session, at=event.at, provisional=event.provisional),
            )
        )
        if start.token:
            orders.append(
                Order(tokens, f"{place.company}/{start.token}", ReleaseToken(session=session, at=event.at))
            )
        if event.reason == "Idle":
            orders.append(Order(charger_commands, idle_stop(session), _stop(start, charge_point, now)))
    return orders


def _stop(start: SessionStarted, charge_point: str, now: datetime) -> RequestCommand:
    return RequestCommand(
        command=idle_stop(str(start.number)),
        company=start.place.company,
        charge_point=charge_point,
        action="remoteStop",
        payload={"transaction": start.transaction},
        by=IDLE_WATCH,
        at=now,
        expires_at=now + STOP_WITHIN,
    )
