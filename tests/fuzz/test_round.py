"""A short round of fuzzing, always the same: twenty thousand frames from fixed seeds."""

import asyncio
from collections.abc import Iterator
from random import Random

import pytest
import structlog

from tests.fuzz import understanding
from tests.fuzz.mutation import Mutator, seeds
from tests.fuzz.world import World

MEANINGS, CONVERSED = 14_000, 6_000
REQUESTS = (b"/ocpp/242/CP-1", b"/ocpp/RDAM%20123/", b"/ocpp/242/A%2FB", b"/ocpp//%ff", b"/ocpp/00242/CP")
LOGINS = (b"Basic Q1AtMTpzZWNyZXQ=", b"basic  YTpiOmM=", b"Basic ====", b"Bearer x", b"Basic \xff")
OFFERS = ("ocpp1.6", "ocpp2.0.1, ocpp1.6", "OCPP1.6", "", ",,", "ocpp1.5")
WORDS = ("2026-11-21T10:00:00.123456789+01:00", "1970-01-01 00:00:00", " 1523600,5", "-12.34e5", "9" * 70)


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """A world listens to the log; afterwards nobody does."""
    yield
    structlog.reset_defaults()


def test_every_frame_means_one_thing_or_is_refused() -> None:
    mutator, tried = Mutator(Random(16)), 0
    while tried < MEANINGS:
        for line in mutator.conversation():
            understanding.frame(line)
            tried += 1


async def test_whatever_chargers_say_their_line_lives_and_nothing_breaks_behind_it() -> None:
    mutator, tried = Mutator(Random(6)), 0
    world = World()
    await world.furnish()
    tried = sum([await world.converse(lines) for lines in seeds()])
    while tried < CONVERSED:
        if world.old:
            world = World()
            await world.furnish()
        tried += await world.converse(mutator.conversation())
    assert len(asyncio.all_tasks()) == 1, "somebody still works for a charger that has left"


def test_every_handshake_names_one_charger_or_none() -> None:
    rng = Random(3)
    for _ in range(3_000):
        path, login = (_bytes(rng.choice(of), rng) for of in (REQUESTS, LOGINS))
        understanding.request(path, rng.choice(OFFERS), login)


def test_every_text_is_an_instant_and_a_number_that_can_be_kept() -> None:
    rng = Random(4)
    for _ in range(3_000):
        understanding.text(_bytes(rng.choice(WORDS).encode(), rng).decode(errors="replace"))


def _bytes(given: bytes, rng: Random) -> bytes:
    changed = bytearray(given)
    for _ in range(rng.randint(0, 3)):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(3):
            case 0:
                changed.insert(at, rng.randrange(256))
            case 1 if at < len(changed):
                changed[at] = rng.randrange(256)
            case _:
                del changed[at : at + 1]
    return bytes(changed)
