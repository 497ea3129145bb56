"""The use cases of messages from chargers, for every protocol version.

Each method carries out one message in one transaction and returns when it is durable. It may be called again
with the same report: the second time nothing happens and the answer is the same. Starts, stops and readings
are never refused; those that belong to no known session are kept without one.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from eosvolt.application.charge_point_context import StartAnswer, TokenAnswer
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock, Directory, Numbers
from eosvolt.application.transactions import Transactions
from eosvolt.domain.charge_points.clocks import true_at
from eosvolt.domain.charge_points.commands import Connect, Disconnect, NoteBoot, ReportStatus
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.charge_points.recollection import reported_live
from eosvolt.domain.charge_points.reports import (
    Boot,
    MeterReport,
    StartReport,
    StatusReport,
    StopReport,
)
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.charge_points.status_ordering import clock_was_set_back, holds_now
from eosvolt.domain.kernel import CommandEnvelope, Provenance
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.sessions.commands import NoteConnector
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Blocking
from eosvolt.domain.sessions.timeline import SAME_SECOND
from eosvolt.domain.smart_charging.decider import smart_charging

__all__ = ["Admission", "ChargingService", "StartAnswer", "TokenAnswer"]


class Admission(NamedTuple):
    """A known charger, as of ``at``.

    ``disabled``: the operator disabled it. ``waits``: its registration is pending. ``clock_offset_s``: by how
    many seconds its clock was ahead of ours when it was last connected, if that is known; ``clock_right``:
    its clock was found to be right.
    """

    charge_point: str
    company: int
    charge_box_id: str
    has_password: bool
    disabled: bool
    assume_protocol: bool = False
    security_profile: int = 0
    conformance: Conformance = Conformance.TOLERANT
    waits: bool = False
    at: datetime = datetime.min.replace(tzinfo=UTC)
    clock_offset_s: int = 0
    clock_right: bool = False


class ChargingService:
    """Carries out messages of chargers. ``charge_point`` is always ``company/charge box id``."""

    def __init__(
        self, application: Application, numbers: Numbers, clock: Clock, directory: Directory
    ) -> None:
        """Work on ``application``; new sessions get their number from ``numbers``."""
        self._application = application
        self._clock = clock
        self._directory = directory
        self._transactions = Transactions(application, numbers, clock)

    async def admit(self, company: int, charge_box_id: str) -> Admission | None:
        """The charger that connects; ``None`` if it is unknown or was removed."""
        key, now = f"{company}/{charge_box_id}", self._clock.now()
        state = await self._application.state(charge_points, key)
        if not isinstance(state, Registered) or state.removed:
            return None
        return Admission(
            key,
            company,
            charge_box_id,
            state.has_password,
            state.disabled,
            state.assume_protocol,
            state.security_profile,
            state.conformance,
            state.waits,
            now,
            state.clock_offset_s,
            not state.clock_offset_s and reported_live(state.seen),
        )

    async def only_company(self) -> int | None:
        """The only company of the installation; ``None`` if it has none or several."""
        return await self._directory.only_company()

    async def connected(
        self,
        charge_point: str,
        *,
        at: datetime,
        protocol: str,
        secure: bool,
        authenticated: bool,
        address: str,
        gateway: str = "",
        connection: str = "",
    ) -> None:
        """Record that ``gateway`` accepted a connection at ``at``; to be called before its first message."""
        connect = Connect(
            at=at,
            protocol=protocol,
            secure=secure,
            authenticated=authenticated,
            address=address,
            gateway=gateway,
            connection=connection,
        )

        async def plan() -> Plan[Registered | None]:
            state = await self._known(charge_point)
            return Plan((CommandEnvelope(charge_points, charge_point, connect),), state)

        before = await self._application.perform(plan, _by(charge_point, "connection"))
        if before is not None and before.gateway != gateway:
            self._forget(before, charge_point)

    def _forget(self, before: Registered, charge_point: str) -> None:
        """What another gateway wrote meanwhile is read again."""
        streams = {each.stream(charge_point) for each in (maintenance, smart_charging)}
        streams |= {sessions.stream(each.opened.session) for each in before.transactions}
        self._application.forget(streams)

    async def disconnected(
        self,
        charge_point: str,
        *,
        at: datetime,
        reason: str,
        connection: str | None = None,
        gateway: str | None = None,
    ) -> None:
        """Record that ``connection``, or the one to ``gateway``, closed at ``at``; with neither, the last."""
        gone = Disconnect(at=at, reason=reason, connection=connection, gateway=gateway)
        why = _by(charge_point, "connection")
        await self._application.execute(charge_points, charge_point, gone, why)

    async def booted(self, charge_point: str, boot: Boot, frame: str = "") -> bool:
        """Record a boot, maybe in the middle of a session. Returns whether it is accepted."""

        async def plan() -> Plan[bool]:
            state = await self._known(charge_point)
            envelope = CommandEnvelope(charge_points, charge_point, NoteBoot(boot=boot))
            return Plan((envelope,), state is None or not state.held)

        return await self._application.perform(plan, _by(charge_point, "BootNotification", frame))

    async def reported(self, charge_point: str, report: StatusReport, frame: str = "") -> None:
        """Record a status report of a plug or of the charger as a whole (connector 0)."""

        async def plan() -> Plan[None]:
            state = await self._known(charge_point)
            if state is None:
                return Plan((), None)
            holds = holds_now(report, state)
            envelopes = [CommandEnvelope(charge_points, charge_point, ReportStatus(report=report))]
            envelopes += await self._status_commands(state, report, holds=holds)
            return Plan(envelopes, None)

        await self._application.perform(plan, _by(charge_point, "StatusNotification", frame))

    async def authorized(self, charge_point: str, token: str, frame: str = "") -> TokenAnswer:
        """Whether a token may charge here. A concurrent transaction is checked at the start only."""
        return await self._transactions.authorization(
            charge_point, token, _by(charge_point, "Authorize", frame)
        )

    async def started(self, charge_point: str, report: StartReport, frame: str = "") -> StartAnswer:
        """Start a transaction. A repeated start gets the first answer again."""
        return await self._transactions.start(
            charge_point, report, _by(charge_point, "StartTransaction", frame)
        )

    async def metered(self, charge_point: str, report: MeterReport, frame: str = "") -> None:
        """Record meter values."""
        await self._transactions.meter(charge_point, report, _by(charge_point, "MeterValues", frame))

    async def stopped(self, charge_point: str, report: StopReport, frame: str = "") -> TokenAnswer | None:
        """Stop a transaction. The answer is about the token that stopped it, if one was named."""
        return await self._transactions.stop(
            charge_point, report, _by(charge_point, "StopTransaction", frame)
        )

    async def _known(self, charge_point: str) -> Registered | None:
        return known(await self._application.state(charge_points, charge_point))

    async def _status_commands(
        self, state: Registered, report: StatusReport, *, holds: bool
    ) -> list[CommandEnvelope]:
        """The commands that report a plug's state to its session at that time and to its present ones."""
        connector, at = report.connector, true_at(report.at, report.received_at, report.clock_offset_s)
        then, latest = state.previous_on(connector, at + SAME_SECOND), state.latest_on(connector)
        concerned = {t.opened.session for t in state.open() if holds and t.opened.connector == connector}
        concerned |= {t.opened.session for t in (then, latest if holds else None) if t is not None}
        envelopes: list[CommandEnvelope] = []
        set_back = holds and clock_was_set_back(report, state)
        for key in sorted(concerned, key=int):
            session = await self._application.state(sessions, key)
            at = report.at
            if set_back and isinstance(session, Blocking):
                # The report holds now whatever its timestamp is; take the time that favours the driver.
                at = max(at, session.end.at)
            note = NoteConnector(
                status=report.status,
                at=at,
                received_at=report.received_at,
                clock_offset_s=report.clock_offset_s,
                timed=report.timed,
            )
            envelopes.append(CommandEnvelope(sessions, key, note))
        return envelopes


def _by(charge_point: str, cause: str, frame: str = "") -> Provenance:
    company, _, charge_box_id = charge_point.partition("/")
    return Provenance(company=int(company), by=f"charger:{charge_box_id}", cause=cause, frame=frame)
