"""The payments of drivers: what their start waits for, and what is due at the provider."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import get_args

from eosvolt.domain.kernel import Fact
from eosvolt.domain.payments.events import PaymentDeclined, PaymentEvent, PaymentFailed, PaymentOpened
from eosvolt.domain.payments.evolve import evolve
from eosvolt.domain.payments.state import DriverPayment, NoPayment, PaymentStatus
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class PaymentRow(Row, frozen=True, kw_only=True):
    """A payment by its id, which is that of the command that starts. ``driver`` is the driver's id.

    ``address`` is where the driver has to confirm it; ``reason`` is the provider's last refusal. ``due_at``
    is since when the provider is to be asked something, ``None`` if nothing is due.
    """

    id: str
    company: int
    driver: str
    session: str
    status: PaymentStatus
    address: str
    reason: str
    due_at: datetime | None
    state: DriverPayment


def keys(fact: Fact) -> Iterable[str]:
    """The payment."""
    return (fact.key,)


def apply(row: PaymentRow | None, fact: Fact, key: str) -> PaymentRow | None:
    """The payment after the fact."""
    if not isinstance(fact.event, PaymentEvent):
        return row
    after = evolve(NoPayment() if row is None else row.state, fact.event)
    if not isinstance(after, DriverPayment):
        return None
    address, reason = ("", "") if row is None else (row.address, row.reason)
    match fact.event:
        case PaymentOpened(address=said):
            address = said
        case PaymentDeclined(reason=said) | PaymentFailed(reason=said):
            reason = said
        case _:
            pass
    return PaymentRow(
        id=key,
        company=after.request.company,
        driver=after.request.driver,
        session=after.session,
        status=after.status,
        address=address,
        reason=reason,
        due_at=None if after.step is None else fact.recorded_at,
        state=after,
    )


def folded(facts: Sequence[Fact]) -> PaymentRow | None:
    """The payment after its facts; ``None`` without any."""
    row: PaymentRow | None = None
    for fact in facts:
        row = apply(row, fact, fact.key)
    return row


payments = ReadModel(
    name="payments",
    version=1,
    row=PaymentRow,
    reads=tags(*get_args(PaymentEvent)),
    keys=keys,
    apply=apply,
    indexes=("due_at", "driver, company", "session"),
)
