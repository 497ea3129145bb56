"""Asking chargers to do things: one, or many at once. ``delivering`` says what becomes of it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.application.preparing import Prepared, Preparing
from eosvolt.application.site import known
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.commands.commands import NoteFailure, RequestCommand
from eosvolt.domain.commands.decider import ChargerCommand, NoCommand, charger_commands
from eosvolt.domain.commands.sending import while_held
from eosvolt.domain.kernel import Order, Provenance, Rejected

DEFAULT_EXPIRY = timedelta(seconds=60)
NOT_CONNECTED = "The charger is not connected."
HELD = "The charger is held: release it first."


class Answered(NamedTuple):
    """The charger's answer: what it means and what it said."""

    accepted: bool
    response: dict[str, Any]


class NotConnected(Exception):  # noqa: N818 - an outcome of a command
    """The connection is not here, or was lost before the answer came."""


class TimedOut(Exception):  # noqa: N818 - an outcome of a command
    """No answer came in time."""


class CallFailed(Exception):  # noqa: N818 - an outcome of a command
    """The charger answered with an error, or the command cannot be said in its protocol.

    The text is a sentence.
    """


class Gateway(Protocol):
    """Who holds chargers' connections."""

    def holds(self, charge_point: str) -> bool:
        """Whether the charger is connected to this process."""
        ...

    async def tell(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,  # noqa: ASYNC109 - the gateway knows best how to wait for a charger
        reference: str = "",
    ) -> Answered:
        """Send and wait for the answer. Raises ``NotConnected``, ``TimedOut`` or ``CallFailed``.

        ``reference`` names the command to whoever wants to know of an answer that comes too late.
        """
        ...

    async def expel(self, charge_point: str) -> None:
        """Hang up on a charger, if it is connected to this process."""
        ...


class Wish(NamedTuple):
    """What somebody wants of chargers.

    ``waits``: a charger that is away gets it when it is back, if that is within ``expires_in``. ``batch`` is
    common to what is asked of many at once.
    """

    action: str
    payload: dict[str, Any]
    by: str
    expires_in: timedelta = DEFAULT_EXPIRY
    waits: bool = False
    batch: str = ""


class Commanding:
    """Asks chargers to do things."""

    def __init__(
        self,
        application: Application,
        clock: Clock,
        new_id: Callable[[], str],
        gateway: Gateway,
        preparing: Preparing,
    ) -> None:
        """Commands get their ids from ``new_id`` where the asker brings none."""
        self._application = application
        self._clock = clock
        self._new_id = new_id
        self._gateway = gateway
        self._preparing = preparing

    async def request(
        self,
        company: int,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        by: str,
        expires_in: timedelta = DEFAULT_EXPIRY,
        *,
        waits: bool = False,
        command: str = "",
    ) -> str:
        """Queue a command and return its id.

        One for a charger that is away fails at once, with the reason, unless it ``waits``. With the id of a
        ``command`` that was asked for before, nothing more happens. Raises ``Rejected`` for what cannot be
        asked of this charger.
        """
        wish = Wish(action, payload, by, expires_in, waits)
        command, now = command or self._new_id(), self._clock.now()

        async def plan() -> Plan[None]:
            return Plan(await self._asked(company, charge_point, command, wish, now), None, guarded=True)

        await self._application.perform(plan, Provenance(company, by, action))
        return command

    async def request_all(self, company: int, charge_point_keys: Sequence[str], wish: Wish) -> None:
        """Ask the same of many chargers, all or nothing; the commands are named after ``wish.batch``.

        A charger of which it cannot be asked has a failed command with the reason.
        """
        now = self._clock.now()

        async def plan() -> Plan[None]:
            orders: list[Order] = []
            for number, charge_point in enumerate(charge_point_keys, 1):
                command = f"{wish.batch}-{number}"
                try:
                    orders += await self._asked(company, charge_point, command, wish, now)
                except Rejected as refusal:
                    # What could not be prepared is not told, and not kept either: it may hold a secret.
                    ask = _request(company, charge_point, command, wish._replace(payload={}), now)
                    orders.append(Order(charger_commands, command, ask))
                    failure = NoteFailure(at=now, reason=str(refusal))
                    orders.append(Order(charger_commands, command, failure))
            return Plan(orders, None)

        await self._application.perform(plan, Provenance(company, wish.by, wish.action))

    async def call_in(self, company: int, charge_point: str, by: str) -> None:
        """Ask a charger that was released, and has not been told so, to boot; it waits a minute otherwise."""
        state = known(await self._application.state(charge_points, charge_point))
        if state is None or state.held or not state.online:
            return
        if state.pending or state.booted_at is None:
            trigger = {"requestedMessage": "BootNotification"}
            await self.request(company, charge_point, "triggerMessage", trigger, by)

    async def expel(self, charge_point: str) -> None:
        """Hang up on a charger that may not be connected any more, or not with this password."""
        await self._gateway.expel(charge_point)

    async def _asked(
        self, company: int, charge_point: str, command: str, wish: Wish, now: datetime
    ) -> list[Order]:
        """The orders that queue a command; none where it was asked for before. Raises ``Rejected``."""
        before: ChargerCommand = await self._application.state(charger_commands, command)
        if not isinstance(before, NoCommand):
            return []
        state = known(await self._application.state(charge_points, charge_point))
        if state is None:
            raise Rejected(f"There is no charger {charge_point.partition('/')[2]}.")
        if state.held and not while_held(wish.action):
            raise Rejected(HELD)
        prepared: Prepared = await self._preparing.prepared(
            charge_point, command, wish.action, wish.payload, now
        )
        ask = _request(company, charge_point, command, wish._replace(payload=prepared.payload), now)
        # One that has just come may be here before its arrival is written down.
        if state.online or wish.waits or self._gateway.holds(charge_point):
            return [Order(charger_commands, command, ask), *prepared.orders]
        failure = NoteFailure(at=now, reason=NOT_CONNECTED)
        return [Order(charger_commands, command, ask), Order(charger_commands, command, failure)]


def _request(company: int, charge_point: str, command: str, wish: Wish, now: datetime) -> RequestCommand:
    return RequestCommand(
        command=command,
        company=company,
        charge_point=charge_point,
        action=wish.action,
        payload=wish.payload,
        by=wish.by,
        at=now,
        expires_at=now + wish.expires_in,
        waits=wish.waits,
        batch=wish.batch,
    )
