"""Sends many random sessions to a running system and compares its bills with the oracle's."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.e2e.running import Api
from tests.oracle.comparison import differences
from tests.oracle.random_charger import CURRENCIES, PLACES, Course, course, terms
from tests.oracle.random_session import Journey
from tests.oracle.running_server import COMPANY, Stage, patiently, played
from tests.oracle.sums import Sum, sums
from tests.oracle.terms import DIGITS

PER_CHARGER = 4
SETTLED_WITHIN = 60.0
# What is different and stays the same for so long (seconds) is how it is.
SETTLED_AFTER = 6.0


@dataclass
class Trial:
    """What was tried. ``disagreements`` name the session and the seed that makes it again."""

    seed: int
    sessions: int = 0
    lines: int = 0
    sums: int = 0
    disagreements: list[str] = field(default_factory=list)


def scenes(seed: int, sessions: int, only: int | None = None) -> list[tuple[datetime, list[Course]]]:
    """Chargers for about so many sessions, by the instant at which their day begins."""
    rng = random.Random(seed)
    made: dict[datetime, list[Course]] = {}
    total = number = 0
    while total < sessions:
        zone, begins = PLACES[number % len(PLACES)]
        own = random.Random(rng.random())
        its = terms(own, zone, own.choice(CURRENCIES))
        one = course(f"O{seed}-{number}", its, begins, min(PER_CHARGER, sessions - total), own)
        total += len(one.journeys)
        if only is None or number == only:
            made.setdefault(begins, []).append(one)
        number += 1
    return sorted(made.items())


def _quiet(found: list[str]) -> None:
    """Nobody wants to hear of it before the end."""


async def run(
    stage: Stage,
    seed: int,
    sessions: int,
    only: int | None = None,
    tell: Callable[[list[str]], None] = _quiet,
) -> Trial:
    """Play and compare; ``only`` one charger where its number is given. The system is started and running.

    ``tell`` hears of disagreements as soon as they are found.
    """
    trial = Trial(seed)
    every: list[Journey] = []
    api = stage.api(COMPANY)
    for begins, courses in scenes(seed, sessions, only):
        journeys = [journey for one in courses for journey in one.journeys]
        async with played(stage, courses, begins) as refused:
            found = [*refused, *await asyncio.to_thread(_agreed, api, journeys)]
        tell(found)
        trial.disagreements += found
        every += journeys
    trial.sessions = len(every)
    trial.lines = sum(len(session["lines"]) for session in _listed(api, every))
    expected = sums(every)
    trial.sums = len(expected)
    found = await asyncio.to_thread(lambda: list(_sums_apart(api, expected)))
    tell(found)
    trial.disagreements += found
    return trial


def _agreed(api: Api, journeys: list[Journey]) -> list[str]:
    """What is still different once the read models have had time to follow."""
    deadline = time.monotonic() + SETTLED_WITHIN
    before: list[str] | None = None
    since = time.monotonic()
    while True:
        found = [
            f"{journey.charger} session {journey.number}: {what}"
            for journey, what in differences(journeys, _listed(api, journeys))
        ]
        now = time.monotonic()
        if found != before:
            before, since = found, now
        if not found or now - since > SETTLED_AFTER or now > deadline:
            return found
        time.sleep(2)


def _listed(api: Api, journeys: list[Journey]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    for charger in dict.fromkeys(journey.charger for journey in journeys):
        listed += patiently(api, "GET", "/sessions", charger=charger, limit=200)["items"]
    return listed


def _sums_apart(api: Api, expected: dict[tuple[str, Any], Sum]) -> Iterator[str]:
    for (period, day), right in sorted(expected.items()):
        got = patiently(api, "GET", "/dashboard/summary", period=period, date=day.isoformat())
        revenue = {money["currency"]: Fraction(money["amount"]) for money in got["revenue"]}
        wanted = {currency: amount for currency, amount in right.revenue.items() if amount}
        if {currency: amount for currency, amount in revenue.items() if amount} != wanted:
            yield f"revenue of {period} {day} is {_amounts(revenue)}, not {_amounts(wanted)}"
        if (got["energyWh"], got["sessionCount"]) != (right.energy_wh, right.sessions):
            yield (
                f"{period} {day} has {got['energyWh']} Wh in {got['sessionCount']} sessions,"
                f" not {right.energy_wh} in {right.sessions}"
            )


def _amounts(revenue: dict[str, Fraction]) -> str:
    return ", ".join(f"{float(a):.{DIGITS[c]}f} {c}" for c, a in sorted(revenue.items())) or "nothing"
