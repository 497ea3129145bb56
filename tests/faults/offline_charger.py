"""A charger that charges offline for days and then delivers its queue."""

import random
from datetime import datetime, timedelta

from tests.faults.charger import Charger, Message
from tests.faults.ledger import Entry
from tests.faults.register import register

DAYS = 7
SAMPLED_EVERY = timedelta(minutes=25)


async def said_good_bye(charger: Charger) -> None:
    """Be seen once, with free plugs, before the days in which nobody hears of it."""
    boot = {"chargePointVendor": "Ledger", "chargePointModel": "Two", "firmwareVersion": "1"}
    await charger.line.call("BootNotification", boot)
    for plug in (1, 2):
        status = {"connectorId": plug, "errorCode": "NoError", "status": "Available"}
        await charger.line.call("StatusNotification", status | {"timestamp": charger.stamp()})
    await charger.line.hang_up()


def charged_alone(charger: Charger, since: datetime, until: datetime) -> None:
    """Put days of sessions between two instants into its books and its queue, by the time of each message."""
    dated: list[tuple[datetime, int, Message]] = []
    for plug in (1, 2):
        at = since
        while True:
            at += timedelta(seconds=charger.rng.randrange(1_800, 60_000))
            entry = _entry(charger, plug, at)
            if entry.freed is None or entry.freed > until:
                break
            at = entry.freed
            charger.registers[plug] = entry.register_stop
            charger.entries.append(entry)
            dated += [(when, len(dated) + n, each) for n, (when, each) in enumerate(_said(charger, entry))]
    charger.queue.extend(message for _, _, message in sorted(dated, key=lambda each: each[:2]))
    charger.line.faults["sessions of days offline"] += len(charger.entries)


def _entry(charger: Charger, plug: int, began: datetime) -> Entry:
    rng = charger.rng
    entry = Entry(charger.name, plug, charger.tokens[plug - 1], began, charger.registers[plug], alone=True)
    lasted = rng.randrange(600, 14_400)
    entry.stamp = charger.stamp(began)
    entry.ended = began + timedelta(seconds=lasted)
    entry.freed = entry.ended + timedelta(seconds=rng.randrange(5, 20_000))
    entry.register_stop = entry.register_start + rng.randrange(1, 6) * lasted
    return entry


def _said(charger: Charger, entry: Entry) -> list[tuple[datetime, Message]]:
    """What the charger would have said, each with its time."""
    assert entry.ended is not None
    start = {
        "connectorId": entry.plug,
        "idTag": entry.token,
        "meterStart": entry.register_start,
        "timestamp": entry.stamp,
    }
    said = [(entry.began, Message("StartTransaction", start, entry))]
    shows = register(entry.register_start, charger.rng, glitches=charger.habits.glitches)
    per_second = entry.energy_wh // int((entry.ended - entry.began).total_seconds())
    at = entry.began
    while (at := at + SAMPLED_EVERY) < entry.ended:
        true = entry.register_start + per_second * int((at - entry.began).total_seconds())
        said.append((at, charger.reading(entry, at, shows, true)))
    stop = {
        "meterStop": entry.register_stop,
        "timestamp": charger.stamp(entry.ended),
        "reason": "Local",
        "idTag": entry.token,
    }
    said.append((entry.ended, Message("StopTransaction", stop, entry)))
    return said


def travellers(chargers: list[Charger], rng: random.Random) -> list[Charger]:
    """Those that were away for days, in any order."""
    found = [charger for charger in chargers if charger.habits.away]
    rng.shuffle(found)
    return found
