"""The lines for energy or time: cut where the price changes, whole units, rounded one by one."""

from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor

from tests.oracle.account import Account, Line, Span, seconds, spans_in
from tests.oracle.terms import Terms

# §5: the car is known to take no energy in these, and minutes are not billed in those.
STILL = frozenset({"SuspendedEV", "SuspendedEVSE", "Faulted"})
UNBILLED = frozenset({"SuspendedEVSE", "Faulted", "Unavailable"})
MINUTE = timedelta(minutes=1)


def charging_lines(terms: Terms, account: Account, ended: datetime, energy_wh: int) -> list[Line]:
    """The lines from the start to the end of charging.

    Readings: a session without energy has no lines at all (§5). A stretch in which nothing was delivered has
    no line. Prices that are equal in two neighbouring windows are two lines; the default price is one line
    until the next window begins, over midnight too. Whole units are apportioned to the stretches by the
    largest remainder, the earlier stretch first where remainders are equal. What is free of a stretch is a
    line of its own at the price 0, before the rest of it.
    """
    if not energy_wh:
        return []
    stretches = cut(terms, account.began, ended)
    kind, unit = ("time", 60) if terms.per_minute else ("energy", 1000)
    if terms.per_minute:
        without = spans_in(account, UNBILLED)
        free_until = delivered_at(account, ended, energy_wh, terms.free_wh)
        parts = [
            (begin, end, window, end <= free_until)
            for since, until, window in stretches
            for begin, end in ((since, min(until, free_until)), (max(since, free_until), until))
            if begin < end
        ]
        exact = [seconds(begin, end, without) for begin, end, _, _ in parts]
        counted = list(zip(parts, apportioned(exact), strict=True))
    else:
        exact = energy_of(account, [(since, until) for since, until, _ in stretches], ended, energy_wh)
        counted, left = [], terms.free_wh
        for (since, until, window), units in zip(stretches, apportioned(exact), strict=True):
            free = min(left, units)
            left -= free
            if not terms.price_in(window):
                counted.append(((since, until, window, False), units))
                continue
            counted += [((since, until, window, True), free), ((since, until, window, False), units - free)]
    return [
        taxed(
            terms,
            kind,
            (since, until),
            units,
            Fraction(0) if free else terms.price_in(window),
            Fraction(1, unit),
        )
        for (since, until, window, free), units in counted
        if units
    ]


def delivered_at(account: Account, ended: datetime, energy_wh: int, wh: int) -> datetime:
    """When ``wh`` had been delivered, in whole microseconds; the end where that never was.

    §9: the first kWh of a booked session are free. Reading: where time is billed, the time until they are
    delivered is free.
    """
    low, high = account.began, ended
    if not wh:
        return account.began
    if wh >= energy_wh:
        return ended
    while high - low > timedelta.resolution:
        middle = low + (high - low) // 2
        (so_far,) = energy_of(account, [(account.began, middle)], ended, energy_wh)
        low, high = (middle, high) if so_far < wh else (low, middle)
    # The program cuts what is finer than a microsecond.
    (exactly,) = energy_of(account, [(account.began, high)], ended, energy_wh)
    return high if exactly == wh else low


def taxed(
    terms: Terms, kind: str, span: Span, units: int, price: Fraction, per_unit: Fraction = Fraction(1)
) -> Line:
    """§5: quantity × price rounded half-up; net = gross ÷ (1 + rate) rounded half-up, VAT the rest."""
    gross = terms.rounded(units * per_unit * price)
    return Line(kind, *span, units, price, gross, terms.rounded(gross / (1 + terms.vat)))


def cut(terms: Terms, since: datetime, until: datetime) -> list[tuple[datetime, datetime, int | None]]:
    """``[since, until)`` where one price after the other holds.

    Found by looking at the wall clock in every minute: windows begin at whole minutes, and every clock in use
    differs from UTC by whole minutes.
    """
    found: list[tuple[datetime, datetime, int | None]] = []
    at = since
    while at < until:
        window = terms.window_at(at)
        following = min(until, at.replace(second=0, microsecond=0) + MINUTE)
        if found and found[-1][2] == window:
            found[-1] = (found[-1][0], following, window)
        else:
            found.append((at, following, window))
        at = following
    return found


def energy_of(account: Account, stretches: list[Span], ended: datetime, energy_wh: int) -> list[Fraction]:
    """How much each stretch had: between two readings spread evenly over the time in which the car took some.

    Reading: what a reading after the end shows had been delivered by the end.
    """
    known = [(account.began, 0)]
    for at, register in sorted(account.readings):
        if account.began < at < ended:
            known.append((at, register - account.register))
    known.append((ended, energy_wh))
    still = spans_in(account, STILL)
    totals = [Fraction(0) for _ in stretches]
    for (since, before), (until, after) in pairwise(known):
        if after == before:
            continue
        without = still if seconds(since, until, still) else []
        whole = seconds(since, until, without)
        for index, (begin, end) in enumerate(stretches):
            part = seconds(max(since, begin), min(until, end), without)
            totals[index] += (after - before) * part / whole
    return totals


def apportioned(exact: list[Fraction]) -> list[int]:
    """Whole numbers that add up to the sum of exact ones, which is rounded half-up."""
    whole = [floor(each) for each in exact]
    missing = floor(sum(exact, Fraction(1, 2))) - sum(whole)
    order = sorted(range(len(exact)), key=lambda index: (whole[index] - exact[index], index))
    for index in order[:missing]:
        whole[index] += 1
    return whole
