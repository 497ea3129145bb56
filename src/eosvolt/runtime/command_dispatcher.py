"""Sends commands to the chargers that are connected to this process, one at a time, the most urgent first.

It receives commands from the history, in log order. Commands of a charger that is not connected wait until it
connects, or until another process has sent them. ``CommandDispatch`` decides whether one may be sent.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

import structlog

from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.gateway import Gateway
from eosvolt.domain.commands.decider import Queued
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.commands.sending import Slot, slot, superseded, urgency
from eosvolt.domain.explanations import Why, because

log = structlog.get_logger("eosvolt")

WENT_AWAY = because(Why.CONNECTION_LOST_UNSENT)
# Wait this long after a connection, so that a charger can send its BootNotification first.
SETTLES_IN_SECONDS = 1.0
AGAIN_AFTER_SECONDS = 1.0
NEWEST_REMEMBERED = 50_000


class CommandDispatcher:
    """The queues of commands by charger. All methods return at once; sending happens in tasks."""

    def __init__(self, dispatch: CommandDispatch, gateway: Gateway, together_per_second: float) -> None:
        """Commands of a batch are sent at a rate of ``together_per_second``."""
        self._dispatch = dispatch
        self._gateway = gateway
        self._pace = 1 / together_per_second
        self._next_turn = 0.0
        self._waiting: dict[str, dict[str, CommandRequested]] = {}
        self._newest: OrderedDict[tuple[str, Slot], CommandRequested] = OrderedDict()
        self._sent_before: set[str] = set()
        self._busy: set[str] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    def take(self, request: CommandRequested, *, again: bool = False) -> None:
        """Queue a command; ``again``: it may have been sent before."""
        if self._superseded(request):
            return
        self._keep(request, again=again)
        self._serve(request.charge_point)

    def drop(self, charge_point: str, command: str) -> None:
        """Remove a command that another process sent, or that has its outcome."""
        self._sent_before.discard(command)
        waiting = self._waiting.get(charge_point)
        if waiting is not None and waiting.pop(command, None) is not None and not waiting:
            del self._waiting[charge_point]

    def arrived(self, charge_point: str, *, started: bool = False) -> None:
        """A charger is connected; ``started``: its boot was recorded, so it takes commands at once."""
        if charge_point not in self._waiting:
            return
        if started:
            self._serve(charge_point)
        else:
            self._begin(self._serve_soon(charge_point))

    def left(self, charge_point: str) -> None:
        """A charger disconnected: commands that do not wait fail, unless they may have reached it."""
        for request in list(self._waiting.get(charge_point, {}).values()):
            if not request.waits and request.command not in self._sent_before:
                self.drop(charge_point, request.command)
                self._begin(self._dispatch.fail(request.command, WENT_AWAY))

    async def stop(self) -> None:
        """Cancel the running deliveries."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _superseded(self, request: CommandRequested) -> bool:
        """Fail the older of two commands of which the newer replaces it, whichever arrived first."""
        place = slot(request)
        if place is None:
            return False
        key = (request.charge_point, place)
        newest = self._newest.get(key)
        if newest is not None and newest.command != request.command and request.at < newest.at:
            self._begin(self._dispatch.fail(request.command, superseded(request.action)))
            return True
        self._newest[key] = request
        self._newest.move_to_end(key)
        if len(self._newest) > NEWEST_REMEMBERED:
            self._newest.popitem(last=False)
        for other in list(self._waiting.get(request.charge_point, {}).values()):
            if other.command != request.command and slot(other) == place:
                self.drop(request.charge_point, other.command)
                self._begin(self._dispatch.fail(other.command, superseded(other.action)))
        return False

    def _serve(self, charge_point: str) -> None:
        here = charge_point in self._waiting and self._gateway.holds(charge_point)
        if here and charge_point not in self._busy:
            self._busy.add(charge_point)
            self._begin(self._serving(charge_point))

    async def _serve_soon(self, charge_point: str) -> None:
        await asyncio.sleep(SETTLES_IN_SECONDS)
        self._serve(charge_point)

    async def _serving(self, charge_point: str) -> None:
        try:
            while self._gateway.holds(charge_point):
                request = self._next(charge_point)
                if request is not None and request.batch:
                    await self._turn()
                    request = self._next(charge_point)
                if request is None:
                    return
                await self._bring(request)
        finally:
            self._busy.discard(charge_point)

    def _next(self, charge_point: str) -> CommandRequested | None:
        return min(self._waiting.get(charge_point, {}).values(), key=_precedence, default=None)

    async def _bring(self, request: CommandRequested) -> None:
        self.drop(request.charge_point, request.command)
        try:
            queued = await self._dispatch.deliver(request.command)
        except Exception:
            log.exception("a command could not be delivered", command=request.command)
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
            queued = Queued(request, attempts=1)
        # ``CommandDispatch`` decides whether it may be sent again, and whether it is still in time.
        if queued is not None and not self._superseded(request):
            self._keep(request, again=queued.attempts > 0)
            here = self._gateway.holds(request.charge_point)
            if not here and not await self._dispatch.is_connected(request.charge_point):
                self.left(request.charge_point)

    def _keep(self, request: CommandRequested, *, again: bool) -> None:
        self._waiting.setdefault(request.charge_point, {})[request.command] = request
        if again:
            self._sent_before.add(request.command)

    async def _turn(self) -> None:
        """Wait for the next send slot of batch commands."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next_turn)
        self._next_turn = turn + self._pace
        await asyncio.sleep(turn - now)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a command could not be carried out", exc_info=task.exception())


def _precedence(request: CommandRequested) -> tuple[int, float, str]:
    return urgency(request.action), request.at.timestamp(), request.command
