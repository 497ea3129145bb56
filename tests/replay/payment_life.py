"""Payments of drivers, each in another way: the source of the golden stream ``0021-payments``."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.paying import PaidScenario
from tests.refunds import refund
from tests.scenario import Scenario


async def payment_life() -> Scenario:
    """One confirmed, captured and refunded, one that fails, one declined, and one that nobody confirms."""
    with TemporaryDirectory() as directory:
        s = PaidScenario(Path(directory), "https://pay.example")
        await s.opened()
        await s.reports(-1, "Preparing")
        await _confirmed(s, 0, "start-1")
        number = await s.charges(1, 3_000)
        await s.asks()
        await refund(s, 40, number, "0.50")
        await s.asks()
        await s.reports(50, "Preparing")
        await _confirmed(s, 51, "start-2")
        s.provider.refuses = "The authorisation has expired."
        await s.charges(52, 3_000, meter=4_000)
        await s.asks()
        await s.wants(90, "start-3")
        await s.asks()
        s.provider.refuses = ""
        await s.wants(100, "start-4")
        await s.asks()
        await s.passes(120)
        await s.asks()
        return s


async def _confirmed(s: PaidScenario, minutes: float, command: str) -> None:
    await s.wants(minutes, command)
    await s.asks()
    s.provider.confirmed((await s.payment(command)).reference)
    await s.asks()
