"""The commands that the demo sends on its first day, so that the chargers' pages have content.

Every command has a fixed id, so that the next start does not send it again.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.application.actor import Actor
from eosvolt.application.operations import commands
from eosvolt.application.operations.commands import BulkRequest, CommandRequest
from eosvolt.application.operations.operation import Operations
from eosvolt.application.permissions import NotThere
from eosvolt.domain.kernel import Rejected

# Chargers that are not connected get the command when they are back.
PATIENCE = timedelta(hours=2)
EVENING_LIMIT = {
    "chargingProfileId": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Recurring",
    "recurrencyKind": "Daily",
}
GRID_CONNECTION = {
    "chargingProfileId": 2,
    "stackLevel": 0,
    "chargingProfilePurpose": "ChargePointMaxProfile",
    "chargingProfileKind": "Absolute",
}


async def send_commands(
    operations: Operations, plans: Sequence[ChargerPlan], by: Actor, now: datetime
) -> None:
    """Request every charger's configuration and send other commands to a few chargers."""
    settings = BulkRequest(
        chargers=[plan.charge_box_id for plan in plans],
        action="getConfiguration",
        payload={},
        expires_in=PATIENCE,
        waits=True,
        batch="demo-configuration",
    )
    await operations.run(commands.request_of_all, by, settings)
    for number, (charge_box_id, action, payload) in enumerate(_commands(now), 1):
        # The charger may have been removed since.
        with suppress(Rejected, NotThere):
            wanted = CommandRequest(
                charger=charge_box_id,
                action=action,
                payload=payload,
                expires_in=PATIENCE,
                waits=True,
                command=f"demo-{number}-{action}",
            )
            await operations.run(commands.request, by, wanted)


def _commands(now: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    midnight = datetime.combine(now.astimezone(UTC), time(), UTC).isoformat().replace("+00:00", "Z")
    # Offices feed the grid's evening peak; the two fast plugs share one connection.
    evening = _limits("A", (0, 32), (16 * 3_600, 16), (20 * 3_600, 32), start=midnight, duration=86_400)
    return [
        ("BER-WSE-03", "setChargingProfile", _profile(EVENING_LIMIT, evening)),
        (
            "A14-ELB-02",
            "setChargingProfile",
            _profile(GRID_CONNECTION, _limits("W", (0, 400_000), start=midnight)),
        ),
        ("A14-ELB-03", "getDiagnostics", {}),
        ("VIE-NAM-01", "sendLocalList", {}),
    ]


def _profile(kind: dict[str, Any], schedule: dict[str, Any]) -> dict[str, Any]:
    return {"chargingProfile": {**kind, "chargingSchedule": schedule}, "plug": 0}


def _limits(unit: str, *periods: tuple[int, int], start: str, duration: int | None = None) -> dict[str, Any]:
    """A charging schedule of (start second, limit) periods."""
    lasts = {} if duration is None else {"duration": duration}
    listed = [{"startPeriod": second, "limit": limit} for second, limit in periods]
    return {"startSchedule": start, "chargingRateUnit": unit, "chargingSchedulePeriod": listed, **lasts}
