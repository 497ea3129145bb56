"""Carries out what is due: ends, blocking fees, receipts, faults, commands, reservations, bookings."""

from collections.abc import Sequence

from eosvolt.application.booking_deadlines import BOOKING, BookingDeadlines
from eosvolt.application.certification import CERTIFICATE, Certification
from eosvolt.application.commands.expire import CommandExpiry
from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock, Deadlines, Due
from eosvolt.application.receipt_issuing import BOOKING_RECEIPT, RECEIPT, ReceiptIssuing
from eosvolt.domain.charge_points.commands import ReachSilence
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.faults.commands import RecoverFault
from eosvolt.domain.faults.decider import FaultRecord, faults
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ReservationEnded
from eosvolt.domain.sessions.commands import ReachDeadline
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Blocking, Charging

AT_ONCE = 200
BY = "system:deadlines"
RESERVATION = "reservation"


class DeadlineActions:
    """Carries out due deadlines.

    Deadlines are derived from the history alone, so this may stop and start at any time.
    """

    def __init__(
        self, application: Application, expiry: CommandExpiry, deadlines: Deadlines, clock: Clock
    ) -> None:
        """``deadlines`` gives the deadlines that are due by ``clock``."""
        self._application = application
        self._expiry = expiry
        self._certification = Certification(application, clock)
        self._receipts = ReceiptIssuing(application, clock)
        self._bookings = BookingDeadlines(application, deadlines, clock, BY)
        self._deadlines = deadlines
        self._clock = clock

    async def due(self) -> Sequence[Due]:
        """The deadlines that are due now, the earliest first, at most ``AT_ONCE``."""
        return await self._deadlines.due(self._clock.now(), AT_ONCE)

    async def receipts_due(self) -> Sequence[Due]:
        """The sessions and bookings that wait for a receipt, the first first, at most ``AT_ONCE`` of each."""
        return await self._deadlines.receipts_due(self._clock.now(), AT_ONCE)

    async def carry_out(self, stream: str) -> None:
        """Carry out the deadline of one stream; does nothing if it is no longer due."""
        category, _, key = stream.partition(":")
        if category == sessions.category:
            await self._session(key)
        elif category == charge_points.category:
            await self._charge_point(key)
        elif category == CERTIFICATE:
            await self._certification.renew(key)
        elif category == RESERVATION:
            await self._reservation(key)
        elif category == BOOKING:
            await self._bookings.carry_out(key)
        elif category == RECEIPT:
            await self._receipts.issue(key)
        elif category == BOOKING_RECEIPT:
            await self._receipts.issue_of_booking(key)
        elif category == faults.category:
            await self._fault(key)
        else:
            await self._expiry.expire(key)

    async def _session(self, key: str) -> None:
        now = self._clock.now()
        state = await self._application.state(sessions, key)
        if not isinstance(state, Charging | Blocking):
            return
        why = Provenance(state.start.place.company, BY, f"session:{key}")
        await self._application.execute(sessions, key, ReachDeadline(at=now), why)

    async def _reservation(self, key: str) -> None:
        """Expire a reservation that nobody used."""
        now = self._clock.now()
        charge_point, _, number = key.rpartition("#")
        upkeep = await self._application.state(maintenance, charge_point)
        held = upkeep.reservations.get(int(number))
        if held is None or held.expires_at > now:
            return
        expired = RecordDeviceEvent(
            event=ReservationEnded(at=now, reservation=held.reservation, reason="expired")
        )
        why = Provenance(int(charge_point.partition("/")[0]), BY, f"reservation:{key}")
        await self._application.execute(maintenance, charge_point, expired, why)

    async def _fault(self, key: str) -> None:
        """Recover a fault without a reported end that was not reported again in time."""
        now = self._clock.now()
        entry = await self._application.state(faults, key)
        if not isinstance(entry, FaultRecord) or entry.auto_recover_at is None or entry.auto_recover_at > now:
            return
        recover = RecoverFault(at=entry.auto_recover_at)
        company = int(key.partition("/")[0])
        await self._application.execute(faults, key, recover, Provenance(company, BY, f"fault:{key}"))

    async def _charge_point(self, key: str) -> None:
        now, company = self._clock.now(), int(key.partition("/")[0])
        why = Provenance(company, BY, f"charge-point:{key}")
        await self._application.execute(charge_points, key, ReachSilence(at=now), why)
