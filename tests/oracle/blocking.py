"""When charging was over, when the plug was free, and which blocking fees fell due in between."""

from datetime import datetime, timedelta
from fractions import Fraction

from tests.oracle.account import Account, Line, Span, joined, seconds, spans_in
from tests.oracle.charging import taxed
from tests.oracle.terms import Fee, Terms

OUT_OF_ORDER = frozenset({"Faulted", "Unavailable"})
THROTTLED = frozenset({"SuspendedEVSE"})
OCCUPIED = frozenset({"Finishing", "SuspendedEV", "SuspendedEVSE"})
# Less may be a slow line: a stop heard within a minute is heard at once.
AT_ONCE = timedelta(seconds=60)


def idle_at(terms: Terms, account: Account) -> datetime | None:
    """When the car had been in SuspendedEV for a full interval, if it ever was.

    Readings: the interval counts as blocking time counts, so not while the charger is away, Faulted or
    Unavailable; a fault in between interrupts the count, any other state begins it anew. Only before now.
    """
    if terms.fee is None:
        return None
    without = joined([*account.away, *spans_in(account, OUT_OF_ORDER)])
    since: datetime | None = None
    for at, state in [*account.states, (account.now, "")]:
        if state in OUT_OF_ORDER or (state == "SuspendedEV" and since is not None):
            continue
        if since is not None:
            full = after(max(since, terms.fee.begins or since), terms.fee.interval, without)
            if full is not None and full < at:
                return full
        since = at if state == "SuspendedEV" and at >= account.began else None
    return None


def freed_at(account: Account, ended: datetime) -> datetime | None:
    """When the plug was free after the end.

    §5: at any state but Finishing, SuspendedEV and SuspendedEVSE. Reading: Faulted and Unavailable stop the
    fee (the same §) and say nothing of the cable, so they do not free it. Where the plug's state at the end
    was free already, it was freed at the end.
    """
    latest = ""
    for at, state in account.states:
        if at <= ended:
            latest = state if at >= account.began else ""
            continue
        if latest in {"Available", "Preparing", "Reserved"}:
            return ended
        if state not in OCCUPIED | OUT_OF_ORDER:
            return at
    return ended if latest in {"Available", "Preparing", "Reserved"} else None


def fee_lines(
    terms: Terms, account: Account, ended: datetime, freed: datetime | None, energy_wh: int
) -> list[Line]:
    """A line for each full interval between the end and the leaving, up to the cap.

    Readings: the last fee before the cap is cut to it and has that as its price. A line lasts from the end or
    the fee before to the instant at which it fell due, the last interval of time long where pauses lie in it.
    §9: of a booked session no interval begins before the grace period after its booked end is over, and a car
    that idles in its booked time does not idle.
    """
    suspended = any(state == "SuspendedEV" for at, state in account.states if account.began <= at <= ended)
    if terms.fee is None or not (energy_wh or suspended):
        return []
    without = unbilled(account, ended)
    until = freed or account.now
    lines: list[Line] = []
    begins = max(ended, terms.fee.begins or ended)
    due, left = begins, terms.fee.cap
    while left is None or left > 0:
        following = after(due, terms.fee.interval, without)
        if following is None or following > until:
            break
        amount = terms.fee.amount if left is None else min(left, terms.fee.amount)
        since = following - terms.fee.interval if lines else begins
        lines.append(taxed(terms, "blockingFee", (since, following), 1, amount))
        due, left = following, None if left is None else left - amount
    return lines


def unbilled(account: Account, ended: datetime) -> list[Span]:
    """The time after the end in which no fee runs.

    The charger was away, the plug Faulted, Unavailable or throttled. Where an end was heard later than at
    once, nothing counts before the first sign at or after it that the plug was taken.
    """
    spans = [*account.away, *spans_in(account, OUT_OF_ORDER | THROTTLED)]
    if account.stop is not None and account.stop.heard_at > ended + AT_ONCE:
        spans.append((ended, first_sign(account, ended)))
    return joined(spans)


def first_sign(account: Account, ended: datetime) -> datetime:
    """The first report from the end on that the plug was taken; now where there is none.

    Reading: a report that follows the end at once tells of the end itself. The same stop heard at once would
    have been charged from there, and a session costs the same live and late.
    """
    latest = ""
    for at, state in account.states:
        if at <= ended:
            latest = state if at >= account.began else ""
        elif latest not in OCCUPIED and state in OCCUPIED:
            return ended if at <= ended + AT_ONCE else at
        elif latest in OCCUPIED:
            break
    return ended if latest in OCCUPIED else account.now


def after(since: datetime, interval: timedelta, without: list[Span]) -> datetime | None:
    """When an interval has elapsed since an instant, not counting ``without``, which is joined.

    A pause that begins at the very instant does not delay it.
    """
    at, left = since, interval
    for begin, end in without:
        if end <= at:
            continue
        if begin > at:
            if begin - at >= left:
                break
            left -= begin - at
        at = end
    return at + left


def intervals(fee: Fee, ended: datetime, until: datetime, without: list[Span]) -> int:
    """§5: fee × ⌊(freed − ended) ÷ interval⌋, for worked examples."""
    return int(seconds(ended, until, without) // Fraction(fee.interval // timedelta(seconds=1)))
