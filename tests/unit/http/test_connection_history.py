"""When a charger was connected, told by its events, the newest first."""

from datetime import UTC, datetime, timedelta

from eosvolt.adapters.http.web.chargers.one.history import connections_of
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointDisconnected,
)
from eosvolt.domain.kernel import Event, Fact, Provenance

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def connected(minutes: int) -> Event:
    return ChargePointConnected(
        at=at(minutes), protocol="ocpp1.6", secure=True, authenticated=True, connectors=(), address="10.0.0.9"
    )


def disconnected(minutes: int, reason: str = "closed with code 1001") -> Event:
    return ChargePointDisconnected(at=at(minutes), reason=reason, silent_at=at(minutes + 5), connectors=())


def booted(minutes: int, *, again: bool = False) -> Event:
    return ChargePointBooted(at=at(minutes), vendor="ACME", model="AC22", again=again)


def backwards(*events: Event) -> list[Fact]:
    facts = [
        Fact(position, "charge-point:242/CP-1", position, event, NOON, Provenance(242, "charger:CP-1"))
        for position, event in enumerate(events, 1)
    ]
    return facts[::-1]


def test_a_connection_lasts_until_its_end_and_says_why_it_ended() -> None:
    (last, first) = connections_of(
        backwards(
            connected(0),
            booted(1),
            disconnected(10),
            connected(12),
            booted(13),
            booted(14),
            booted(15, again=True),
        )
    )
    assert (first.until, first.reason, first.boots) == (at(10), "closed with code 1001", 1)
    assert (last.until, last.reason, last.boots, last.replaced) == (None, "", 2, False)


def test_a_connection_that_another_one_replaced_ended_when_that_one_began() -> None:
    (last, first) = connections_of(backwards(connected(0), connected(7)))
    assert (first.until, first.replaced) == (at(7), True)
    assert (last.until, last.replaced) == (None, False)


def test_the_connection_before_a_cursor_has_no_present_end() -> None:
    (only,) = connections_of(backwards(connected(0), disconnected(3)), newest=False)
    assert only.until == at(3)
    (cut,) = connections_of(backwards(connected(0)), newest=False)
    assert cut.until is None
    assert cut.replaced is False


def test_an_end_without_its_beginning_on_the_page_is_left_to_the_next_page() -> None:
    assert connections_of(backwards(disconnected(3))) == []
