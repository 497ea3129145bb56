"""The event of a session that starts."""

from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.sessions.commands import StartSession
from eosvolt.domain.sessions.events import SessionStarted


def started(command: StartSession) -> SessionStarted:
    """What the session keeps of its start."""
    return SessionStarted(
        number=command.number,
        place=command.place,
        token=command.token,
        at=command.at,
        received_at=command.received_at,
        meter_start_wh=command.meter_start_wh,
        transaction=command.transaction,
        tariff=command.tariff,
        max_power_w=command.max_power_w,
        authorization=command.authorization,
        group=command.group,
        remote_command=command.remote_command,
        flags=command.flags,
        metered=command.metered,
        customer=command.customer,
        customer_group=command.customer_group,
        payment=command.payment,
        type=_type(command),
        booking=command.booking,
    )


def _type(command: StartSession) -> str:
    if is_home(command.place.location):
        return "home"
    return "booking" if command.booking else "onDemand"
