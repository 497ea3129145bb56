"""Issues the numbered receipts of sessions that are over, each once for a bill, and of fees of bookings."""

from eosvolt.application.document_numbers import next_document
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.fee_commands import IssueBookingReceipt
from eosvolt.domain.bookings.state import fees_of
from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.kernel import CommandEnvelope, Provenance
from eosvolt.domain.sessions.commands import IssueReceipt
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Closed

# Stand for the receipt of a session, and for that of the fee of a booking, among what falls due.
RECEIPT, BOOKING_RECEIPT = "receipt", "booking-receipt"
_BY = "system:receipts"


class ReceiptIssuing:
    """Issues receipts; may be asked for the same session again at any time, also by several processes."""

    def __init__(self, application: Application, clock: Clock) -> None:
        """``clock`` dates the receipts."""
        self._application = application
        self._clock = clock

    async def issue(self, session: str) -> None:
        """Issue the receipt of a session, with the next number; nothing if it has the right one."""
        state = await self._application.state(sessions, session)
        if not isinstance(state, Closed):
            return
        company = state.last.start.place.company

        async def plan() -> Plan[None]:
            at = self._clock.now()
            number, document = await next_document(
                self._application, company, DocumentKind.RECEIPT, session, at
            )
            receipt = CommandEnvelope(sessions, session, IssueReceipt(at=at, number=number))
            # Without a receipt no number is used up.
            return Plan((receipt, document), None, guarded=True)

        await self._application.perform(plan, Provenance(company, _BY, f"session:{session}"))

    async def issue_of_booking(self, booking: str) -> None:
        """Issue the receipt of the fee of a booking; nothing if it has one, or no fee was charged."""
        fee = fees_of(await self._application.state(bookings, booking)).charged
        if fee is None:
            return
        company = fee.place.company

        async def plan() -> Plan[None]:
            at = self._clock.now()
            number, document = await next_document(
                self._application, company, DocumentKind.RECEIPT, "", at, booking=booking
            )
            receipt = CommandEnvelope(bookings, booking, IssueBookingReceipt(at=at, number=number))
            return Plan((receipt, document), None, guarded=True)

        await self._application.perform(plan, Provenance(company, _BY, f"booking:{booking}"))
