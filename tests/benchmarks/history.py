"""A history as chargers make it: one session after the other on every plug, with readings and idling."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from eosvolt.application.ports import StreamAppend
from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointConnected,
    ConnectorReported,
    ConnectorSpec,
    TransactionClosed,
    TransactionOpened,
)
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.events import (
    Bill,
    ChargingEnded,
    ConnectorFreed,
    EnergyMetered,
    Place,
    SessionReading,
    SessionStarted,
)
from eosvolt.domain.sessions.plug_events import (
    EvSuspended,
)
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.rating import rate, total
from eosvolt.domain.tokens.events import Authorization
from tests.examples import COMPANY, LOCATION, MORNING, TARIFF_BY_TIME_OF_DAY, TOKEN

MINUTE = timedelta(minutes=1)


def added(chargers: int) -> Iterator[list[StreamAppend]]:
    """The chargers, each with one plug, connected."""
    for n in range(chargers):
        box = f"CP-{n}"
        yield [
            StreamAppend(
                f"charge-point:{COMPANY}/{box}",
                0,
                [
                    ChargePointAdded(
                        company=COMPANY,
                        charge_box_id=box,
                        location=LOCATION,
                        connectors=(ConnectorSpec(number=1, type="iec62196T2", max_power_w=22_000),),
                        at=MORNING,
                    ),
                    ChargePointConnected(
                        at=MORNING, protocol="ocpp1.6", secure=True, authenticated=True, connectors=(1,)
                    ),
                ],
            )
        ]


def session(number: int, chargers: int, readings: int) -> list[list[StreamAppend]]:
    """What one session leaves in the history, append by append: ``readings`` + 8 events."""
    box, turn = f"CP-{number % chargers}", number // chargers
    place = Place(COMPANY, LOCATION, box, 1, "Europe/Berlin")
    start = MORNING + turn * (readings + 20) * MINUTE
    end = start + readings * MINUTE
    charger, stream = f"charge-point:{COMPANY}/{box}", f"session:{170_001 + number}"
    version = 2 + 5 * turn
    bill = _bill(start, end, readings)

    def at_charger(after: int, *events: Event) -> StreamAppend:
        return StreamAppend(charger, version + after, events)

    def reported(status: ConnectorStatus, minute: int) -> ConnectorReported:
        at = start + minute * MINUTE
        return ConnectorReported(location=LOCATION, connector=1, status=status, at=at, received_at=at)

    begun = SessionStarted(
        number=170_001 + number,
        place=place,
        token=TOKEN,
        at=start,
        received_at=start,
        meter_start_wh=1_000,
        transaction=170_001 + number,
        tariff=TARIFF_BY_TIME_OF_DAY,
        max_power_w=22_000,
        authorization=Authorization.ACCEPTED,
    )
    opened = TransactionOpened(
        session=str(170_001 + number),
        transaction=170_001 + number,
        connector=1,
        token=TOKEN,
        at=start,
        meter_start_wh=1_000,
        authorization=Authorization.ACCEPTED,
    )
    ended = ChargingEnded(
        place=place,
        token=TOKEN,
        started_at=start,
        at=end,
        received_at=end,
        energy_wh=readings * 180,
        meter_stop_wh=1_000 + readings * 180,
        reason="EVDisconnected",
        bill=bill,
    )
    metered = [[StreamAppend(stream, 1 + n, [_metered(place.plug, start, n + 1)])] for n in range(readings)]
    return [
        [at_charger(0, opened), StreamAppend(stream, 0, [begun])],
        [at_charger(1, reported(ConnectorStatus.CHARGING, 0))],
        *metered,
        [
            at_charger(2, reported(ConnectorStatus.SUSPENDED_EV, readings)),
            StreamAppend(
                stream, 1 + readings, [EvSuspended(at=end, plug=place.plug, idle_at=end + 15 * MINUTE)]
            ),
        ],
        [
            at_charger(3, TransactionClosed(session=str(170_001 + number), connector=1, at=end)),
            StreamAppend(stream, 2 + readings, [ended]),
        ],
        [
            at_charger(4, reported(ConnectorStatus.AVAILABLE, readings + 10)),
            StreamAppend(stream, 3 + readings, [ConnectorFreed(place=place, at=end + 10 * MINUTE)]),
        ],
    ]


def history(chargers: int, turns: int, readings: int) -> Iterator[list[StreamAppend]]:
    """The chargers, then ``turns`` sessions on each, all plugs at the same time as in a living system."""
    yield from added(chargers)
    for turn in range(turns):
        sessions = [session(turn * chargers + n, chargers, readings) for n in range(chargers)]
        for step in zip(*sessions, strict=True):
            yield [entry for entries in step for entry in entries]


def _metered(plug: str, start: datetime, minute: int) -> EnergyMetered:
    at = start + minute * MINUTE
    reading = SessionReading(
        at=at,
        energy_wh=minute * 180,
        register_wh=1_000 + minute * 180,
        power_w=10_800,
        current_a=15.7,
        voltage_v=229.8,
        soc_percent=41.0,
    )
    return EnergyMetered(plug=plug, received_at=at, readings=(reading,))


def _bill(start: datetime, end: datetime, readings: int) -> Bill:
    curve = EnergyCurve((EnergyPoint(start, 0), EnergyPoint(end, readings * 180)))
    lines = rate(TARIFF_BY_TIME_OF_DAY, start, end, curve)
    return Bill(lines=lines, total=total(lines, TARIFF_BY_TIME_OF_DAY.currency))
