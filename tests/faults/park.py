"""So many chargers for so long: ``python -m tests.faults.park --chargers 200 --minutes 60 --speed 20``.

Everything goes wrong meanwhile. In the end every session's energy and bill are compared with what the
chargers know they delivered, and the exit code is 0 only if nothing is lost, doubled or a cent wrong.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.e2e.running import RunningSystem
from tests.faults.charger import Charger, Habits
from tests.faults.clock import FastClock
from tests.faults.connection import STEADY, Line, Luck
from tests.faults.fault_injection import CLOCKS, to_chargers, to_the_system
from tests.faults.ledger import ZONE, Prices, Window
from tests.faults.offline_charger import DAYS, charged_alone, said_good_bye, travellers
from tests.faults.reconciliation import Found, reconcile

DELIVERED_WITHIN = 240.0
FLAT = Prices((Window(0, Fraction(39, 100)),))
BLOCKING = Prices((Window(0, Fraction(53, 100)),), fee=Fraction(1))


@dataclass
class Outcome:
    """A run: what was done to whom, and what was found."""

    chargers: int
    minutes: float
    speed: float
    messages: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    found: Found = field(default_factory=Found)
    verified: dict[str, Any] = field(default_factory=dict)


class FastSystem(RunningSystem):
    """The system under a clock that runs faster, on a PostgreSQL of its own."""

    def __init__(self, folder: Path, clock: FastClock) -> None:
        """``folder`` takes its data."""
        super().__init__("", folder)
        self.serving = (sys.executable, "-m", "tests.faults.server", *clock.arguments())


async def run(folder: Path, chargers: int, minutes: float, speed: float, every: float, seed: int) -> Outcome:
    """Let it all happen in ``folder``; the system meets with something ``every`` so many wall seconds."""
    rng = random.Random(seed)
    began = time.monotonic()
    # Two o'clock at the location: no daylight saving, no end of the day in between.
    begun = datetime.now(ZONE).replace(hour=14, minute=0, second=0, microsecond=0) - timedelta(days=1)
    earlier = FastClock(begun.astimezone(UTC) - timedelta(days=DAYS), time.time(), 1.0)
    system = FastSystem(folder, earlier)
    outcome = Outcome(chargers, minutes, speed)
    await asyncio.to_thread(system.start)
    try:
        system.create_company(242, "Company 242")
        park = await asyncio.to_thread(_park, system, earlier, outcome, rng, chargers, begun, minutes)
        everyone = [charger for charger, _ in park]
        gone = travellers(everyone, rng)
        await asyncio.gather(*(said_good_bye(charger) for charger in gone))
        since = earlier.second() + timedelta(minutes=1)
        await asyncio.to_thread(system.stop)
        clock = FastClock(begun.astimezone(UTC), time.time(), speed)
        for charger in everyone:
            charger.line.clock = clock
            charger.until = clock.now() + timedelta(minutes=minutes)
        for charger in gone:
            charged_alone(charger, since, clock.begun - timedelta(minutes=10))
        system.serving = (sys.executable, "-m", "tests.faults.server", *clock.arguments())
        await asyncio.to_thread(system.start)
        trouble = [
            asyncio.create_task(
                to_chargers([c for c in everyone if not c.habits.steady], outcome.faults, rng)
            ),
            asyncio.create_task(to_the_system(system, every, outcome.faults, rng)),
        ]
        lives = [asyncio.create_task(charger.live()) for charger in everyone]
        await clock.reach(everyone[0].until)
        for task in trouble:
            task.cancel()
        await asyncio.gather(*trouble, return_exceptions=True)
        await _in_good_order(system)
        async with asyncio.timeout(DELIVERED_WITHIN + 4000 / speed):
            await asyncio.gather(*lives)
        outcome.messages = sum(charger.line.answered for charger in everyone)
        outcome.found = await asyncio.to_thread(_compared, system, park)
        # The command line lives by the wall clock, by which what is not sealed yet would be long overdue.
        await asyncio.to_thread(system.stop)
        outcome.verified = await asyncio.to_thread(system.verify)
    finally:
        system.close()
    outcome.seconds = time.monotonic() - began
    return outcome


async def _in_good_order(system: RunningSystem) -> None:
    """Whatever was interrupted, the system runs again."""
    try:
        pid = system.pid
    except AssertionError:
        await asyncio.to_thread(system.start)
    else:
        assert pid


def _park(
    system: RunningSystem,
    clock: FastClock,
    outcome: Outcome,
    rng: random.Random,
    count: int,
    begun: datetime,
    minutes: float,
) -> list[tuple[Charger, Prices]]:
    """A quarter each: prices that change, wrong clocks, a blocking fee, wrong clocks and a blocking fee."""
    api = system.api()
    until = begun + timedelta(minutes=minutes)
    minute = begun.hour * 60 + begun.minute
    steps = [0, *(minute + int(minutes * part / 4) for part in range(1, 4))]
    changing = Prices(tuple(Window(at, Fraction(rng.randrange(20, 90), 100)) for at in sorted(set(steps))))
    places = [
        (changing, api.location(changing.tariff(), "Prices that change"), "A"),
        (FLAT, api.location(FLAT.tariff(), "Clocks that are wrong"), "B"),
        (BLOCKING, api.location(BLOCKING.tariff(), "Cars that stay"), "C"),
        (BLOCKING, api.location(BLOCKING.tariff(), "Cars that stay, by wrong clocks"), "D"),
    ]
    park: list[tuple[Charger, Prices]] = []
    for number in range(count):
        prices, location, letter = places[number % 4]
        name = f"{letter}-{number:03}"
        api.charger(location, name, plugs=2)
        tokens = (f"{name}-1", f"{name}-2")
        for token in tokens:
            api.token(token)
        habits = {
            "A": Habits(forgets_numbers=number % 8 == 0),
            "B": Habits(ahead=rng.choice(CLOCKS[1:]), pauses=True),
            "C": Habits(fills=True, steady=number % 8 != 2),
            "D": Habits(ahead=rng.choice(CLOCKS[1:]), fills=True, steady=number % 8 == 3),
        }[letter]
        habits.glitches = number % 3 == 1
        habits.away = number % 12 in {4, 6}
        own = random.Random(rng.random())
        luck = STEADY if habits.steady else Luck()
        line = Line(system.charger_url(name), clock, own, luck, outcome.faults)
        charger = Charger(name, tokens, line, own, habits, until, longest=min(1200, 30 * minutes))
        line.asked, line.connected = charger.asked, charger.greeted
        park.append((charger, prices))
    return park


def _compared(system: RunningSystem, park: list[tuple[Charger, Prices]]) -> Found:
    """Once the read models know everything, or as they are after half a minute."""
    deadline = time.monotonic() + 30
    consents = 0
    while True:
        listed = _sessions(system)
        consents += _billed_by_consent(system, park, listed)
        found = reconcile(park, listed, _readings(system))
        found.consents = consents
        if not found.differences or time.monotonic() > deadline:
            return found
        time.sleep(1)


def _billed_by_consent(
    system: RunningSystem, park: list[tuple[Charger, Prices]], listed: list[dict[str, Any]]
) -> int:
    """The operator bills what no plug delivers in the time that a session seems to have lasted.

    Only of chargers whose clock was not always right: a session that they tell late seems too short.
    """
    wrong = {c.name for c, _ in park if c.habits.ahead != timedelta(0) or c.clock_was_set}
    held = [each for each in listed if each.get("heldBackWh") and each["chargeBoxId"] in wrong]
    for session in held:
        note = {"note": "Its charger's books say so."}
        system.api().post(f"/sessions/{session['number']}/held-energy", note, expected=200)
    return len(held)


def _sessions(system: RunningSystem) -> list[dict[str, Any]]:
    return system.api().every("/sessions")


def _readings(system: RunningSystem) -> set[tuple[str, str]]:
    found = system.run("events", "--type", "energy-metered", "--json")
    assert found.returncode == 0, found.stderr
    kept = set()
    for line in found.stdout.splitlines():
        fact = json.loads(line)
        for reading in fact["event"]["readings"]:
            kept.add((fact["stream"].partition(":")[2], reading["at"]))
    return kept


def printed(outcome: Outcome) -> str:
    """The run as a table."""
    found = outcome.found
    rows = [
        ("chargers", outcome.chargers),
        ("minutes of their time", f"{outcome.minutes:g}"),
        ("seconds of ours", f"{outcome.seconds:.0f}"),
        ("messages answered", outcome.messages),
        *((f"  {name}", count) for name, count in sorted(outcome.faults.items())),
        ("sessions reconciled", found.sessions),
        ("energy, kWh", f"{found.energy_wh / 1000:.3f}"),
        ("charging, EUR", f"{found.cents / 100:.2f}"),
        ("readings found again", found.readings),
        ("held-back energy billed by consent", found.consents),
        ("blocking fees, to the cent", found.fees_exact),
        ("blocking fees, within what could be seen", found.fees_bounded),
        ("plugs not yet known to be free", len(found.plugs_unsure)),
        ("history and read models verified", "yes" if outcome.verified["same"] else "NO"),
        ("differences", len(found.differences)),
    ]
    lines = [f"{name:<42} {value:>12}" for name, value in rows]
    unsure = [f"{name} is not known to be free" for name in found.plugs_unsure[:10]]
    wrong = [str(model) for model in outcome.verified["models"] if not model["same"]]
    wrong += [str(finding) for finding in outcome.verified["history"]["findings"]]
    return "\n".join([*lines, *wrong, *unsure, *found.differences[:60]])


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chargers", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--speed", type=float, default=20)
    parser.add_argument(
        "--every", type=float, default=20, help="wall seconds between the system's misfortunes"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder to leave everything in")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = wanted.keep or Path(folder)
        place.chmod(0o711)
        outcome = asyncio.run(
            run(place, wanted.chargers, wanted.minutes, wanted.speed, wanted.every, wanted.seed)
        )
    sys.stdout.write(printed(outcome) + "\n")
    return 0 if outcome.verified["same"] and not outcome.found.differences else 1


if __name__ == "__main__":
    sys.exit(main())
