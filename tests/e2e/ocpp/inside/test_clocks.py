"""What is known of a charger's clock, from one process to the next."""

from datetime import timedelta

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.domain.charge_points.events import ConnectorReported, TransactionOpened
from eosvolt.domain.maintenance.events import ClockFound
from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.inside.gateway import Gateway, serving
from tests.e2e.ocpp.site import until
from tests.examples import MORNING


async def test_a_clock_that_is_wrong_is_still_known_to_be_after_the_server_started_again() -> None:
    clock = SteppedClock(MORNING)
    gateway = Gateway(clock)
    await gateway.add_charger("CP-1")

    async def reports(cp: Charger, status: str) -> None:
        clock.step(timedelta(minutes=1))
        shown = (clock.now() - timedelta(minutes=7)).isoformat()
        await cp.call(
            "StatusNotification", connectorId=1, errorCode="NoError", status=status, timestamp=shown
        )

    def found() -> list[int]:
        return [
            fact.event.clock_offset_s
            for fact in gateway.events(ClockFound)
            if isinstance(fact.event, ClockFound)
        ]

    async with serving(gateway=gateway), charger(gateway.url("242/CP-1")) as cp:
        for status in ("Available", "Preparing", "Available", "Preparing"):
            await reports(cp, status)
        await until(lambda: found() == [-420])
    gateway.start_again()
    async with serving(gateway=gateway), charger(gateway.url("242/CP-1")) as cp:
        await reports(cp, "Available")
    last = gateway.events(ConnectorReported)[-1].event
    assert isinstance(last, ConnectorReported)
    assert (last.status, last.clock_offset_s) == ("Available", -420)
    assert found() == [-420]


async def test_a_clock_that_was_right_is_not_doubted_for_a_queue_after_the_server_started_again() -> None:
    clock = SteppedClock(MORNING)
    gateway = Gateway(clock)
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with serving(gateway=gateway), charger(gateway.url("242/CP-1")) as cp:
        now = clock.now().isoformat()
        await cp.call(
            "StatusNotification", connectorId=1, errorCode="NoError", status="Available", timestamp=now
        )
    began = clock.step(timedelta(hours=1))
    clock.step(timedelta(days=3))
    gateway.start_again()
    async with serving(gateway=gateway), charger(gateway.url("242/CP-1")) as cp:
        clock.step(timedelta(minutes=2))
        await cp.call(
            "StartTransaction", connectorId=1, idTag="TAG", meterStart=1000, timestamp=began.isoformat()
        )
    (opened,) = [fact.event for fact in gateway.events(TransactionOpened)]
    assert isinstance(opened, TransactionOpened)
    assert (opened.at, opened.clock_offset_s) == (began, 0)
