"""The main job with an independent charger.

Connect, charge over a price boundary, idle, be stopped, block, leave. The test sets the system's clock, so
that nothing has to wait; every figure is right by hand on the session's page of the API, on the dashboard and
in the history.
"""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.e2e.running import Api, RunningSystem
from tests.oracle.running_server import Stage

BERLIN = ZoneInfo("Europe/Berlin")
CENT = Decimal("0.01")


class Car(ChargePoint):  # type: ignore[misc]  # the package ships without types
    """A charge point of the ``ocpp`` package with somebody's car at plug 1."""

    def __init__(self, stage: Stage, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.stage = stage
        self.stopped: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @on("RemoteStopTransaction")  # type: ignore[untyped-decorator]  # as above
    def remote_stop(self, transaction_id: int) -> Any:
        self.stopped.set_result(transaction_id)
        return call_result.RemoteStopTransaction(status="Accepted")

    async def tell(self, payload: Any) -> Any:
        return await self.call(payload, suppress=False)

    async def status(self, status: str, at: datetime) -> None:
        self.stage.tell(at)
        await self.tell(
            call.StatusNotification(connector_id=1, error_code="NoError", status=status, timestamp=_wire(at))
        )

    async def meter(self, transaction: int, at: datetime, kwh: str) -> None:
        sample = {"value": kwh, "unit": "kWh", "measurand": "Energy.Active.Import.Register"}
        self.stage.tell(at)
        power = {"value": "11.0", "unit": "kW", "measurand": "Power.Active.Import"}
        await self.tell(
            call.MeterValues(
                connector_id=1,
                transaction_id=transaction,
                meter_value=[{"timestamp": _wire(at), "sampledValue": [sample, power]}],
            )
        )


def _wire(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _split(gross: Decimal) -> tuple[str, str, str]:
    net = (gross / Decimal("1.19")).quantize(CENT, ROUND_HALF_UP)
    return str(gross), str(net), str(gross - net)


def _clock(at: datetime) -> str:
    return at.astimezone(BERLIN).strftime("%H:%M")


# Where the price changes.
BOUNDARY = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
START, IDLE = BOUNDARY - timedelta(minutes=60), BOUNDARY + timedelta(minutes=75)


@pytest.fixture
def stage(database: str, tmp_path: Path) -> Iterator[Stage]:
    """A system whose clock is told, an hour before the car comes."""
    running = Stage(database, tmp_path)
    running.tell(START - timedelta(hours=1))
    try:
        running.start()
        yield running
    finally:
        running.close()


def _tariff() -> dict[str, Any]:
    """0.80 from two hours before the boundary until it, then 0.40 by default.

    A fee of 1.00 each 15 minutes.
    """
    since, until = _clock(BOUNDARY - timedelta(hours=2)), _clock(BOUNDARY)
    return {
        "strategy": "perKwh",
        "price": "0.40",
        "windows": [{"from": since, "to": until, "price": "0.80"}],
        "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
    }


async def _stopped_session(api: Api, number: int, status: str) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            session: dict[str, Any] = await asyncio.to_thread(api.get, f"/sessions/{number}")
            if session["status"] == status:
                return session
            await asyncio.sleep(0.1)


async def test_a_car_is_charged_stopped_and_billed_to_the_cent(stage: Stage) -> None:
    api = stage.api()
    location = api.location(_tariff(), name="Main job")
    links = api.charger(location, "MAIN JOB")["links"]
    assert links["ws"].endswith("/ocpp/242")
    api.token("MAINJOB")
    before = api.get("/dashboard/summary", period="year", date=BOUNDARY.astimezone(BERLIN).date())
    async with connect(stage.charger_url("MAIN JOB"), subprotocols=[Subprotocol("ocpp1.6")]) as socket:
        car = Car(stage, "MAIN JOB", socket)
        reading = asyncio.create_task(car.start())
        boot = await car.tell(call.BootNotification(charge_point_vendor="ACME", charge_point_model="AC22"))
        assert boot.status == "Accepted"
        await car.status("Preparing", START - timedelta(minutes=1))
        assert (await car.tell(call.Authorize(id_tag="MainJob"))).id_tag_info["status"] == "Accepted"
        stage.tell(START)
        begun = await car.tell(
            call.StartTransaction(
                connector_id=1, id_tag="MainJob", meter_start=1_523_450, timestamp=_wire(START)
            )
        )
        number = begun.transaction_id
        await car.status("Charging", START)
        # 11 kWh before the boundary; 12 kWh in the two hours around it, 4 before and 8 behind; then 2.345
        # more.
        await car.meter(number, BOUNDARY - timedelta(minutes=30), "1530.45")
        await car.meter(number, BOUNDARY + timedelta(minutes=60), "1542.45")
        await car.meter(number, BOUNDARY + timedelta(minutes=75), "1544.795")
        await car.status("SuspendedEV", IDLE)
        stopped = IDLE + timedelta(minutes=15)
        stage.tell(stopped)
        assert await asyncio.wait_for(car.stopped, 30) == number
        await car.tell(
            call.StopTransaction(
                transaction_id=number, meter_stop=1_544_795, timestamp=_wire(stopped), reason="Remote"
            )
        )
        await car.status("Finishing", stopped)
        await _stopped_session(api, number, "blocking")
        await car.status("Available", stopped + timedelta(minutes=47))
        session = await _stopped_session(api, number, "completed")
        reading.cancel()
    # 7 kWh by minute -30, 12 in the 90 minutes behind it: 4 of them before the boundary, 8 after; 2.345 at
    # the end.
    high, low = Decimal("11.000") * Decimal("0.80"), Decimal("10.345") * Decimal("0.40")
    low = low.quantize(CENT, ROUND_HALF_UP)
    assert (session["energyWh"], session["endedAt"], session["freedAt"]) == (
        21_345,
        _wire(stopped),
        _wire(stopped + timedelta(minutes=47)),
    )
    lines = [
        (line["kind"], line["quantity"], line["price"], line["gross"]["amount"]) for line in session["lines"]
    ]
    assert lines == [
        ("energy", "11.000", "0.80", "8.80"),
        ("energy", "10.345", "0.40", str(low)),
        *[("blockingFee", "1", "1.00", "1.00")] * 3,
    ]
    for line, gross in zip(session["lines"], [high.quantize(CENT), low, *[Decimal("1.00")] * 3], strict=True):
        assert (line["gross"]["amount"], line["net"]["amount"], line["vat"]["amount"]) == _split(gross)
    total = Decimal("8.80") + low
    assert session["charging"] == {"currency": "EUR", "amount": str(total)}
    assert session["blockingFee"] == {"currency": "EUR", "amount": "3.00"}
    assert session["total"] == {"currency": "EUR", "amount": str(total + 3)}
    assert _billed(stage, number) == total + 3
    after = api.get("/dashboard/summary", period="year", date=BOUNDARY.astimezone(BERLIN).date())
    assert _revenue(after) - _revenue(before) == total + 3
    assert after["energyWh"] - before["energyWh"] == 21_345
    log = api.client.get(f"/sessions/{number}/log")
    assert "StartTransaction" in log.text
    assert "RemoteStopTransaction" in log.text


def _revenue(summary: dict[str, Any]) -> Decimal:
    return sum(
        (Decimal(money["amount"]) for money in summary["revenue"] if money["currency"] == "EUR"), Decimal(0)
    )


def _billed(system: RunningSystem, number: int) -> Decimal:
    """The session's bill by nothing but its events, as the auditor reads them."""
    listed = system.run("events", "--stream", f"session:{number}", "--json")
    minor = 0
    for text in listed.stdout.splitlines():
        event = json.loads(text)["event"]
        match event["event"]:
            case "charging-ended":
                minor += event["bill"]["total"]["gross"]["minor"]
            case "end-reconciled":
                minor += (
                    event["bill"]["total"]["gross"]["minor"] - event["previous"]["total"]["gross"]["minor"]
                )
            case "blocking-fee-charged":
                minor += event["line"]["gross"]["minor"]
            case "blocking-fee-credited":
                minor -= event["line"]["gross"]["minor"]
    return Decimal(minor) / 100
