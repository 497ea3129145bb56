"""The system's bills beside the chargers' own books."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.faults.charger import Charger
from tests.faults.ledger import Entry, Prices

# A broken line is noticed, and a killed server's last sign of life is, a little before or after it happened.
NOTICED_WITHIN = timedelta(minutes=3)


@dataclass
class Found:
    """What was compared. ``differences`` are sentences; there must be none.

    ``consents``: how often energy was held back for a wrong clock, and billed by the operator's consent.
    ``plugs_unsure``: sessions that are over and billed right, but whose plug is not yet known to be free,
    because the charger's clock was set back meanwhile.
    """

    sessions: int = 0
    energy_wh: int = 0
    cents: int = 0
    fees_exact: int = 0
    fees_bounded: int = 0
    readings: int = 0
    consents: int = 0
    plugs_unsure: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def reconcile(
    park: list[tuple[Charger, Prices]], listed: list[dict[str, Any]], kept_readings: set[tuple[str, str]]
) -> Found:
    """Every session of the chargers with every session of the system, one to one.

    ``kept_readings`` are (session, the charger's time) of all readings in the history.
    """
    found = Found()
    by_number = {int(session["number"]): session for session in listed}
    numbers: Counter[int] = Counter()
    for charger, prices in park:
        for complaint in charger.line.complaints:
            found.differences.append(f"{charger.name} was refused: {complaint}")
        for entry in charger.entries:
            numbers[entry.transaction] += 1
            session = by_number.get(entry.transaction)
            if session is None:
                found.differences.append(f"lost: {_named(entry)}")
                continue
            _compare(found, charger, prices, entry, session)
            # An impossible time is not kept as a reading's: only those of good clocks are found again by it.
            if charger.habits.ahead != timedelta(0) or charger.clock_was_set:
                continue
            missing = [at for at in entry.readings if (str(entry.transaction), at) not in kept_readings]
            found.readings += len(entry.readings)
            if missing:
                found.differences.append(f"{_named(entry)}: {len(missing)} answered readings are lost")
    found.differences += [
        f"number {number} was given {count} times" for number, count in numbers.items() if count > 1
    ]
    found.differences += [
        f"nobody charged: session {number} of {session['chargeBoxId']}, {session['energyWh']} Wh"
        for number, session in by_number.items()
        if number not in numbers
    ]
    return found


def _compare(found: Found, charger: Charger, prices: Prices, entry: Entry, session: dict[str, Any]) -> None:
    assert entry.ended is not None
    assert entry.freed is not None
    found.sessions += 1
    found.energy_wh += entry.energy_wh
    cents = prices.cents(entry.began, entry.ended, entry.energy_wh)
    found.cents += cents
    listed = {
        "charger": session["chargeBoxId"],
        "plug": session["plug"],
        "token": session["token"],
        "energy": session["energyWh"],
        "cents": _cents(session["charging"]),
        "status": session["status"],
    }
    known = {
        "charger": entry.charger,
        "plug": entry.plug,
        "token": entry.token,
        "energy": entry.energy_wh,
        "cents": cents,
        "status": "completed" if entry.energy_wh else "failed",
    }
    wrong = {name: (value, listed[name]) for name, value in known.items() if listed[name] != value}
    if charger.clock_was_set and wrong == {"status": ("completed", "blocking")}:
        found.plugs_unsure.append(_named(entry))
        wrong = {}
    if wrong:
        found.differences.append(f"{_named(entry)} {entry.stamp}: {wrong}")
    if prices.fee:
        _compare_fees(found, charger, prices, entry, session)


def _compare_fees(
    found: Found, charger: Charger, prices: Prices, entry: Entry, session: dict[str, Any]
) -> None:
    """To the cent where the system could see all of it; within bounds where the line was broken."""
    assert entry.ended is not None
    assert entry.freed is not None
    since = entry.ended
    if entry.idle_since is not None:
        since = min(since, entry.idle_since + prices.interval)
    charged = round(_cents(session["blockingFee"]) / float(prices.fee * 100))
    if entry.alone:
        found.fees_exact += 1
        if charged:
            found.differences.append(f"{_named(entry)}: {charged} blocking fees for time that nobody saw")
        return
    watched = entry.idle_since or entry.ended
    blind = any(
        lost < entry.freed + NOTICED_WITHIN and back > watched - NOTICED_WITHIN
        for lost, back in charger.line.away
    )
    if blind or charger.clock_was_set:
        later = [other.began for other in charger.entries if other.plug == entry.plug and other.began > since]
        most = prices.fees(since, max(entry.freed, min(later, default=_late(charger))))
        found.fees_bounded += 1
        if not 0 <= charged <= most:
            found.differences.append(f"{_named(entry)}: {charged} blocking fees, at most {most}")
    else:
        found.fees_exact += 1
        # Of a charger that knows no time, what came together is told apart by parts of a second.
        unsure = timedelta(seconds=0 if charger.habits.ahead is not None else 2)
        if (
            not prices.fees(since, entry.freed - unsure)
            <= charged
            <= prices.fees(since, entry.freed + unsure)
        ):
            found.differences.append(
                f"{_named(entry)}: {charged} blocking fees, not {prices.fees(since, entry.freed)}"
                f" ({since:%T} to {entry.freed:%T})"
            )


def _late(charger: Charger) -> datetime:
    return charger.line.clock.now()


def _cents(money: dict[str, str]) -> int:
    return round(float(money["amount"]) * 100)


def _named(entry: Entry) -> str:
    return f"session {entry.transaction} of {entry.charger}/{entry.plug}"
