"""Random chargers: their sessions, lost connections, and the order in which messages arrive."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.account import Span
from tests.oracle.random_session import Journey, Making, Message, heard
from tests.oracle.terms import DAY_MINUTES, DIGITS, Fee, Terms, Window

STEP = timedelta(seconds=20)
HOURS = 30

# Where and when clocks do odd things, in the order of time: (zone, an afternoon before).
PLACES = (
    ("America/Sao_Paulo", datetime(2018, 11, 3, 15, tzinfo=UTC)),  # midnight is skipped
    ("America/Sao_Paulo", datetime(2019, 2, 16, 15, tzinfo=UTC)),  # the hour before midnight occurs twice
    ("Pacific/Apia", datetime(2020, 9, 26, 2, tzinfo=UTC)),
    ("Asia/Tehran", datetime(2021, 3, 21, 6, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2024, 3, 9, 15, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2025, 12, 31, 6, tzinfo=UTC)),
    ("America/St_Johns", datetime(2026, 3, 7, 18, tzinfo=UTC)),
    ("Atlantic/Azores", datetime(2026, 3, 28, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 3, tzinfo=UTC)),  # half an hour
    ("Pacific/Chatham", datetime(2026, 9, 26, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 10, 17, 6, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 24, 15, tzinfo=UTC)),
)
CURRENCIES = tuple(DIGITS)


class Step(NamedTuple):
    """What happens to a charger when the clock shows ``at``: first messages, then its line.

    ``link``: ``up``, ``down`` or nothing; ``boots``: it starts with a BootNotification. ``terms``: it is
    moved to another location, which has these.
    """

    at: datetime
    messages: tuple[Message, ...] = ()
    link: str = ""
    boots: bool = False
    terms: Terms | None = None


@dataclass
class Course:
    """A charger, what happens to it, and its sessions. ``terms`` are those of its first location."""

    name: str
    terms: Terms
    steps: list[Step] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)


def terms(rng: random.Random, zone: str, currency: str) -> Terms:
    """A random price list."""
    finest = 1 if currency in {"JPY", "KRW"} else 10_000
    dear = 300 if finest == 1 else 3
    scale = finest if finest == 1 else rng.choice((100, 1_000, 10_000))

    def price() -> Fraction:
        return Fraction(rng.randrange(dear * scale), scale)

    unit = 10 ** DIGITS[currency]
    fee = None
    if rng.random() < 0.75:
        amount = Fraction(rng.randrange(1, 5 * unit), unit)
        cap = amount * rng.randrange(1, 6) + Fraction(rng.randrange(unit), unit)
        interval = timedelta(minutes=rng.choice((5, 15, 30, 60)))
        fee = Fee(amount, interval, cap if rng.random() < 0.5 else None)
    vat = Fraction(rng.choice((0, 7, 10, 19, 20, 25)), 100)
    if rng.random() < 0.2:
        vat = Fraction(81, 1000)
    return Terms(zone, currency, vat, price(), rng.random() < 0.4, windows(rng, price), fee)


def windows(rng: random.Random, price: Callable[[], Fraction]) -> tuple[Window, ...]:
    """Windows that do not overlap, with gaps, the last of which may wrap past midnight."""
    count = rng.choice((0, 1, 2, 3, 4))
    grid = rng.choice((1, 5, 30))
    marks = sorted(rng.sample(range(0, DAY_MINUTES, grid), 2 * count))
    pairs = [(marks[2 * index], marks[2 * index + 1]) for index in range(count)]
    if count > 1 and rng.random() < 0.5:
        first, last = marks[0], marks[-1]
        pairs = [(marks[2 * index + 1], marks[2 * index + 2]) for index in range(count - 1)] + [(last, first)]
    elif count and rng.random() < 0.2:
        pairs[-1] = (pairs[-1][0], DAY_MINUTES)
    return tuple(Window(starts, ends or DAY_MINUTES, price()) for starts, ends in pairs)


def course(name: str, its_terms: Terms, begins: datetime, sessions: int, rng: random.Random) -> Course:
    """A charger that is connected at ``begins`` and has about so many sessions by the end."""
    ends = begins + timedelta(hours=HOURS)
    made = Course(name, its_terms)
    said: list[Message] = []
    for plug in range(1, rng.choice((1, 1, 2)) + 1):
        making = Making(
            name,
            plug,
            f"{name}-{plug}",
            its_terms,
            rng,
            begins + timedelta(seconds=rng.randrange(120, 7_200)),
            rng.choice((0, 12_345, 987_654_321)),
            rng.random() < 0.2,
            rng.random() < 0.15,
        )
        said += [Message(begins, "StatusNotification", making._state("Available", begins))]
        while len(made.journeys) < sessions and making.at < ends - timedelta(hours=9):
            journey, messages = making.session()
            made.journeys.append(journey)
            said += messages
    said.sort(key=lambda message: message.at)
    away = list(spells(rng, begins, ends))
    over = max([ends, *(message.at + message.delay + 2 * STEP for message in said)])
    made.steps = list(delivery(said, away, begins, rng))
    for journey in made.journeys:
        know(journey, made, said, away, over + timedelta(hours=1))
    move(made, away, random.Random(f"{name} is moved"))
    return made


def move(made: Course, away: list[Span], rng: random.Random) -> None:
    """Maybe move the charger while it is not connected, as far as a session is not known to be open.

    §5: a session learnt late has the tariff that was in force at its start: that of the place of then.
    """
    for since, until in away:
        if rng.random() < 0.5 or is_open(made, since):
            continue
        at = rounded_up(since + rng.random() * (until - since))
        if not since < at < until:
            continue
        zone, _ = rng.choice(PLACES)
        there = terms(rng, zone, rng.choice(CURRENCIES))
        made.steps = sorted(
            [*made.steps, Step(at, terms=there)], key=lambda step: (step.at, step.link == "down")
        )
        for journey in made.journeys:
            if journey.account.began >= at:
                journey.terms = there


def is_open(made: Course, at: datetime) -> bool:
    """Whether a session had been heard to begin by an instant, and not to stop."""
    sent = [
        (message.action, id(message.journey))
        for step in made.steps
        if step.at <= at
        for message in step.messages
    ]
    return any(
        ("StartTransaction", id(journey)) in sent and ("StopTransaction", id(journey)) not in sent
        for journey in made.journeys
    )


def spells(rng: random.Random, begins: datetime, ends: datetime) -> Iterator[Span]:
    """When the charger is not connected: seldom, for minutes, or for most of a day."""
    at = begins
    while rng.random() < 0.55:
        at = rounded_up(at + timedelta(minutes=rng.uniform(20, 700)))
        until = rounded_up(at + timedelta(minutes=rng.choice((0.6, 7, 45, 300, 900)) * rng.uniform(1, 1.5)))
        if until >= ends:
            return
        yield at, until
        at = until


def rounded_up(at: datetime) -> datetime:
    """The next instant at which the clock stands."""
    return at + (-(at - datetime(2000, 1, 1, tzinfo=UTC)) % STEP)


def delivery(said: list[Message], away: list[Span], begins: datetime, rng: random.Random) -> Iterator[Step]:
    """When what is heard: at once while connected, else after the line is back, the present states first."""
    queues_statuses, doubles, shuffles = rng.random() < 0.3, rng.random() < 0.4, rng.random() < 0.4
    yield Step(begins, link="up", boots=True)
    arrivals: dict[datetime, list[Message]] = {}
    for message in said:
        at = rounded_up(message.at + message.delay)
        spell = next((each for each in away if each[0] < at <= each[1]), None)
        if spell is None and message.action == "StatusNotification":
            arrivals.setdefault(at, []).append(message)
        else:
            arrivals.setdefault(at if spell is None else spell[1], []).append(message)
    back = {until: since for since, until in away}
    steps: list[Step] = [Step(since, link="down") for since, _ in away]
    for at, messages in arrivals.items():
        if at not in back:
            steps.append(Step(at, tuple(mishaps(messages, rng, doubles=doubles, shuffles=shuffles))))
            continue
        sent = [each for each in messages if each.action == "StatusNotification"]
        queued = [each for each in messages if each.action != "StatusNotification"]
        if not queues_statuses:
            sent = list({each.payload["connectorId"]: each for each in sent}.values())
        queue = tuple(mishaps(queued, rng, doubles=doubles, shuffles=shuffles))
        steps.append(Step(at, (*sent, *queue), link="up", boots=rng.random() < 0.3))
    steps += [Step(until, link="up") for until in back if until not in arrivals]
    yield from sorted(steps, key=lambda step: (step.at, step.link == "down"))


def mishaps(
    messages: list[Message], rng: random.Random, *, doubles: bool, shuffles: bool
) -> Iterator[Message]:
    """The same messages, some of them twice, readings of a session in any order after its start."""
    if shuffles:
        order = list(range(len(messages)))
        for _ in range(len(order)):
            one = rng.randrange(len(order))
            if one and messages[order[one]].action == "MeterValues":
                other = messages[order[one - 1]]
                same = other.journey is messages[order[one]].journey
                if not (same and other.action == "StartTransaction"):
                    order[one - 1], order[one] = order[one], order[one - 1]
        messages = [messages[index] for index in order]
    for index, message in enumerate(messages):
        yield message
        if doubles and message.journey is not None and rng.random() < 0.2:
            yield message
        if doubles and index and rng.random() < 0.1 and messages[index - 1].journey is not None:
            yield messages[index - 1]


def know(journey: Journey, made: Course, said: list[Message], away: list[Span], now: datetime) -> None:
    """Fill the journey's account with all that was heard by the end."""
    account = journey.account
    account.now, account.away = now, away
    states: list[tuple[datetime, str]] = []
    for step in made.steps:
        for message in step.messages:
            if message.action == "StatusNotification":
                if message.payload["connectorId"] == journey.plug:
                    states.append((message.at, message.payload["status"]))
            elif message.journey is journey:
                heard(message, step.at)
    # §5: a plug that had another session at some time cannot still have been blocked by an earlier one then.
    states += [
        (other.account.began, "Preparing")
        for other in made.journeys
        if other.plug == journey.plug and other.account.began > account.began
    ]
    account.states = sorted(set(states))
    account.readings = sorted(set(account.readings))
