"""Carries out what is due of bookings: holds, approaching and beginning slots, no-shows, ends."""

from datetime import datetime

from eosvolt.application.booking_slots import PlugChoice, failure_of, free_plugs, plugs_at
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock, Deadlines
from eosvolt.domain.bookings.commands import PlugNow, ReachBookingDeadline
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.slots import Slot
from eosvolt.domain.bookings.state import Active, Booked, Held
from eosvolt.domain.bookings.values import BookedPlug, Booker, SlotChoice
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.kernel import CommandEnvelope, Provenance
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.sessions.state import Blocking, Charging
from eosvolt.domain.tokens.bearer import TokenBearer

BOOKING = bookings.category


class BookingDeadlines:
    """Looks at the plug of a booking of which something is due, and decides by what it finds."""

    def __init__(self, application: Application, deadlines: Deadlines, clock: Clock, by: str) -> None:
        """``deadlines`` knows the chargers of locations; ``by`` is named as who did it."""
        self._application = application
        self._deadlines = deadlines
        self._clock = clock
        self._by = by

    async def carry_out(self, booking: str) -> None:
        """Carry out the deadline of a booking; does nothing if it is no longer due."""
        now = self._clock.now()
        state = await self._application.state(bookings, booking)
        if not isinstance(state, Held | Booked | Active):
            return

        async def plan() -> Plan[None]:
            known = await self._application.state(bookings, booking)
            if not isinstance(known, Held | Booked | Active):
                return Plan((), None)
            plug = PlugNow() if isinstance(known, Held) else await self._plug_of(known, now)
            command = ReachBookingDeadline(at=now, plug=plug)
            return Plan((CommandEnvelope(bookings, booking, command),), None)

        why = Provenance(state.choice.company, self._by, f"{BOOKING}:{booking}")
        await self._application.perform(plan, why)

    async def _plug_of(self, booking: Booked | Active, now: datetime) -> PlugNow:
        choice = booking.choice
        key = f"{choice.company}/{choice.plug.charge_point}"
        charger = known(await self._application.state(charge_points, key))
        failure = failure_of(charger, choice.location, choice.plug.connector)
        running = taken = None
        if charger is not None:
            opened = charger.open_on(choice.plug.connector)
            latest = charger.latest_on(choice.plug.connector)
            running = None if opened is None else await self._start(opened.opened.session, Charging)
            taken = None if latest is None else await self._start(latest.opened.session, Blocking)
        others: tuple[BookedPlug, ...] = ()
        blocked = taken is not None and not _is_bookers(taken, choice.booker)
        if isinstance(booking, Booked) and (failure is not None or blocked):
            others = await self._others(choice, now)
        elsewhere: tuple[BookedPlug | None, str] = (None, "")
        if isinstance(booking, Booked) and choice.any_plug and now >= choice.since:
            elsewhere = await self._elsewhere(choice, now)
        return PlugNow(
            failure=failure,
            session="" if running is None else str(running.number),
            of_booker=running is not None and _is_bookers(running, choice.booker),
            taken=blocked,
            others=others,
            elsewhere=elsewhere[0],
            session_elsewhere=elsewhere[1],
        )

    async def _elsewhere(self, choice: SlotChoice, now: datetime) -> tuple[BookedPlug | None, str]:
        """Another plug of the kind on which the booker charges, with the session, if there is one."""
        for plug in await self._free(choice, now):
            charger = known(
                await self._application.state(charge_points, f"{choice.company}/{plug.charge_point}")
            )
            opened = None if charger is None else charger.open_on(plug.connector)
            running = None if opened is None else await self._start(opened.opened.session, Charging)
            if running is not None and _is_bookers(running, choice.booker):
                return plug, str(running.number)
        return None, ""

    async def _start(self, session: str, kind: type[Charging] | type[Blocking]) -> SessionStarted | None:
        """The start of a session in a state of this kind."""
        state = await self._application.state(sessions, session)
        return state.start if isinstance(state, kind) else None

    async def _others(self, choice: SlotChoice, now: datetime) -> tuple[BookedPlug, ...]:
        """The plugs of the kind that work and are free for the booking, those with no car on them."""
        free = await self._free(choice, now)
        return tuple([plug for plug in free if not await self._is_used(choice.company, plug)])

    async def _free(self, choice: SlotChoice, now: datetime) -> tuple[BookedPlug, ...]:
        """The other plugs of the kind that work and are free for the booking."""
        keys = await self._deadlines.charge_points_at(choice.company, choice.location)
        meant = PlugChoice(type=choice.plug.type, min_power_w=choice.plug.max_power_w)
        plugs = await plugs_at(self._application, choice.company, choice.location, keys, meant)
        working = [each for each in plugs if each.failure is None and each.plug != choice.plug]
        time = Slot(choice.since, choice.until)
        return free_plugs(working, time, choice.rules.buffer_minutes, now, choice.booking)

    async def _is_used(self, company: int, plug: BookedPlug) -> bool:
        """Whether a car is on a plug, as far as its last session tells."""
        charger = known(await self._application.state(charge_points, f"{company}/{plug.charge_point}"))
        latest = None if charger is None else charger.latest_on(plug.connector)
        if latest is None:
            return False
        state = await self._application.state(sessions, latest.opened.session)
        return isinstance(state, Charging | Blocking)


def _is_bookers(start: SessionStarted, booker: Booker) -> bool:
    return booker.is_bearer(TokenBearer(start.token, start.group, start.customer))
