"""How the row of a session begins: with its start, or with a stop that came without one."""

from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.sessions.events import OrphanStopKept, SessionStarted
from eosvolt.domain.sessions.running_bill import begun
from eosvolt.projections.session_row import SessionRow, SessionStatus


def begun_row(key: str, event: SessionStarted) -> SessionRow:
    """The row of a session that charges from now on."""
    return SessionRow(
        id=key,
        number=event.number,
        company=event.place.company,
        location=event.place.location,
        charge_point=event.place.charge_point,
        connector=event.place.connector,
        time_zone=event.place.time_zone,
        currency=event.tariff.currency,
        transaction=event.transaction,
        token=event.token,
        group=event.group,
        type=event.type,
        authorization=event.authorization.value,
        status=SessionStatus.CHARGING.value,
        started_at=event.at,
        received_at=event.received_at,
        meter_start_wh=event.meter_start_wh if event.metered else None,
        flags=event.flags,
        remote_command=event.remote_command,
        tariff=event.tariff,
        running=begun(event),
        customer=event.customer,
        customer_group=event.customer_group,
        payment=event.payment,
        booking=event.booking,
    )


def orphan_row(key: str, event: OrphanStopKept) -> SessionRow:
    """The row of a session of which only the stop is known."""
    return SessionRow(
        id=key,
        number=event.number,
        company=event.company,
        location=event.location,
        charge_point=event.charge_point,
        connector=0,
        time_zone=event.time_zone,
        currency=event.currency,
        transaction=event.transaction,
        token=event.token,
        group="",
        type="home" if is_home(event.location) else "onDemand",
        authorization="",
        status=SessionStatus.FAILED.value,
        started_at=event.at,
        received_at=event.received_at,
        ended_at=event.at,
        freed_at=event.at,
        meter_stop_wh=event.meter_stop_wh,
        reason=event.reason,
        flags=("orphan",),
    )
