"""The refunds of the demo's past: some sessions of its weeks, of which one is given back as a whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from eosvolt.application.actor import Actor
from eosvolt.application.executor import Application
from eosvolt.application.operations.sessions import RefundInput, refund
from eosvolt.demo.planned_work import Planned, work_at
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import ChargingEnded, ConnectorFreed

_LEAST_MINOR = 1_000
# So long after a session its driver has complained, at the least.
_COMPLAINT = timedelta(hours=2)


class _Refund(NamedTuple):
    """A refund so many days ago: of ``amount``, which is below what the session cost, or of all of it."""

    days_ago: int
    reason: str
    amount: Decimal | None = None


STORIES = (
    _Refund(24, "Shown at another price on the map", Decimal("1.50")),
    _Refund(18, "The plug broke off after twenty minutes"),
    _Refund(13, "Blocking fee although the cable was locked, call of the driver", Decimal("2.00")),
    _Refund(9, "Charged at half the power that was promised", Decimal("3.20")),
    _Refund(4, "The card of a colleague was used by mistake"),
    _Refund(1, "Goodwill: the car park was locked", Decimal("2.50")),
)


def refunds(
    application: Application, facts: Sequence[Fact], now: datetime, owner: Actor
) -> Iterator[Planned]:
    """Refunds of sessions in a past that was lived, ``facts`` in the order of time, as an operator would."""
    done: set[str] = set()
    for story in STORIES:
        at = now - timedelta(days=story.days_ago)
        session = next((each for each in _costly(facts, at - _COMPLAINT) if each not in done), None)
        if session is not None:
            done.add(session)
            wanted = RefundInput(session=session, reason=story.reason, amount=story.amount)
            yield work_at(at, application, owner, refund, wanted)


def _costly(facts: Sequence[Fact], until: datetime) -> Iterator[str]:
    """The sessions that were over and cost enough at an instant, the last one first.

    Nothing was recorded of them afterwards.
    """
    after = {fact.stream for fact in facts if fact.recorded_at > until}
    closed = {fact.stream for fact in facts if isinstance(fact.event, ConnectorFreed)}
    for fact in reversed(facts):
        if not isinstance(fact.event, ChargingEnded) or fact.stream not in closed - after:
            continue
        if fact.event.bill.total.gross.minor >= _LEAST_MINOR:
            yield fact.key
