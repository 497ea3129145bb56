"""A charger that behaves as it likes, and an operator who refunds its sessions in between.

Whatever comes in whatever order: no session gives back more than it cost, every bill of a session
that is over has one receipt, and the books agree.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from eosvolt.application.permissions import NotThere
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from tests.books import assert_books_are_right
from tests.hypothesis_profiles import share
from tests.properties.test_session_machine import AnyCharger
from tests.refunds import refund


class RefundedSessions(AnyCharger):
    """The same plug, whose sessions are refunded once they are over."""

    @precondition(lambda self: self.system.sessions())
    @rule(data=st.data(), whole=st.booleans())
    def an_operator_refunds(self, data: st.DataObject, whole: bool) -> None:
        row = data.draw(st.sampled_from(self.system.sessions()))
        before, left = self.system.store.facts[:], row.total_gross - row.refunded_gross
        part = None if whole else data.draw(st.integers(1, max(left, 1) + 1))
        amount = None if part is None else f"{Money(row.currency, part).amount:f}"
        try:
            self._do(refund(self.system, self.system.clock.now(), row.number, amount))
        except (Rejected, NotThere):
            # Of a session of which only the stop is known nothing is owed, and nothing can be refunded.
            assert row.freed_at is None or not left or (part is not None and part > left)
            assert self.system.store.facts == before
            return
        assert row.freed_at is not None
        again = self.system.session(row.number)
        assert again.refunded_gross == row.refunded_gross + (left if part is None else part)
        if again.refunded_gross == again.total_gross:
            net = sum(each.refunded.net.minor for each in again.refunds)
            assert net == again.charging_net + again.blocking_net

    @rule()
    def receipts_are_issued(self) -> None:
        """Every session that waits for a receipt gets one, and waits no more."""
        rows = self.system.sessions()
        issuing = ReceiptIssuing(self.system.application, self.system.clock)
        for row in rows:
            self._do(issuing.issue(row.id))
        for before, after in zip(rows, self.system.sessions(), strict=True):
            assert len(after.receipts) == len(before.receipts) + (before.receipt_due_at is not None)
            assert after.receipt_due_at is None

    def _close_the_books(self) -> None:
        if not self.connected:
            self._back(1)
        while self.plug.queue:
            self._deliver(self.plug.queue.pop(0))
        self._do(self.system.passes(self._tick(30)))
        assert_books_are_right(self.system.models)
        self.receipts_are_issued()
        issued = [each.event for each in self.system.events(DocumentIssued)]
        for kind in DocumentKind:
            numbers = [
                event.sequence for event in issued if isinstance(event, DocumentIssued) and event.kind is kind
            ]
            assert numbers == list(range(1, len(numbers) + 1))


TestRefundedSessions = RefundedSessions.TestCase
TestRefundedSessions.settings = settings(max_examples=share(60), stateful_step_count=40, deadline=None)
