"""Faults of all chargers at once, and random faults of single chargers."""

import asyncio
import os
import random
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.e2e.running import RunningSystem
from tests.faults.charger import Charger

CLOCKS = (timedelta(0), timedelta(hours=-2), timedelta(hours=1), timedelta(minutes=-7), None)


def postmaster(system: RunningSystem) -> int:
    """The process of the system's own PostgreSQL, which lives elsewhere where its account may not enter."""
    data = system.folder / "data"
    elsewhere = data / "postgres.place"
    place = Path(elsewhere.read_text().strip()) if elsewhere.exists() else data
    (file,) = place.rglob("postmaster.pid")
    return int(file.read_text().split()[0])


async def to_the_system(
    system: RunningSystem, every: float, faults: Counter[str], rng: random.Random
) -> None:
    """Kill the database, hold it up, kill the server: in turn, ``every`` so many wall seconds."""
    while True:
        await asyncio.sleep(every * rng.uniform(0.8, 1.2))
        os.kill(postmaster(system), signal.SIGKILL)
        faults["database killed"] += 1
        await asyncio.sleep(every * rng.uniform(0.8, 1.2))
        server = postmaster(system)
        os.kill(server, signal.SIGSTOP)
        faults["database held up"] += 1
        try:
            await asyncio.sleep(rng.uniform(0.5, 3.0))
        finally:
            os.kill(server, signal.SIGCONT)
        await asyncio.sleep(every * rng.uniform(0.8, 1.2))
        system.kill()
        faults["server killed"] += 1
        await asyncio.to_thread(system.start)


async def to_chargers(chargers: list[Charger], faults: Counter[str], rng: random.Random) -> None:
    """Somewhere a line breaks, a charger starts anew or gets its clock set, about once a minute for each."""
    clock = chargers[0].line.clock
    while True:
        await clock.sleep(60 / len(chargers))
        charger = rng.choice(chargers)
        kind = rng.random()
        if kind < 0.2:
            faults["line broken"] += 1
            await charger.line.hang_up(rng.uniform(0.1, 240 / clock.speed))
        elif kind < 0.25:
            faults["rebooted, goes on"] += 1
            await charger.reboot(resumes=True)
        elif kind < 0.28:
            faults["rebooted, ends its sessions"] += 1
            await charger.reboot(resumes=False)
        elif kind < 0.4 and charger.habits.ahead != timedelta(0):
            faults["clock set"] += 1
            charger.clock_was_set = True
            charger.habits.ahead = rng.choice(CLOCKS)
