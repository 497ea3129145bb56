"""Brings commands to the chargers that are connected here: one after the other, the most urgent first.

It learns of commands from the history, in its order. What is not here waits until its charger is, or until
somebody else sent it; whether it may still be sent is decided where it is sent.
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
# A charger that has just started wants to say so before it hears anything.
SETTLES_IN_SECONDS = 1.0
AGAIN_AFTER_SECONDS = 1.0
NEWEST_REMEMBERED = 50_000


class CommandDispatcher:
    """Knows what waits for whom. Everything but the deliveries themselves happens at once."""

    def __init__(self, dispatch: CommandDispatch, gateway: Gateway, together_per_second: float) -> None:
        """Of commands that were asked of many chargers together so many go out in a second."""
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
        """A command is to be sent, maybe once more."""
        if self._superseded(request):
            return
        self._keep(request, again=again)
        self._serve(request.charge_point)

    def drop(self, charge_point: str, command: str) -> None:
        """It was sent by another process, or has its outcome."""
        self._sent_before.discard(command)
        waiting = self._waiting.get(charge_point)
        if waiting is not None and waiting.pop(command, None) is not None and not waiting:
            del self._waiting[charge_point]

    def arrived(self, charge_point: str, *, started: bool = False) -> None:
        """A charger is connected; ``started``: it has told that it has started, and listens."""
        if charge_point not in self._waiting:
            return
        if started:
            self._serve(charge_point)
        else:
            self._begin(self._serve_soon(charge_point))

    def left(self, charge_point: str) -> None:
        """A charger is away: what does not wait for it has failed, unless it may have reached it before."""
        for request in list(self._waiting.get(charge_point, {}).values()):
            if not request.waits and request.command not in self._sent_before:
                self.drop(charge_point, request.command)
                self._begin(self._dispatch.fail(request.command, WENT_AWAY))

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _superseded(self, request: CommandRequested) -> bool:
        """Fail what a newer command makes pointless: the older one of two, in whichever order they come."""
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
        # Whether it may be sent again, and whether in time, is decided where it is sent.
        if queued is not None and not self._superseded(request):
            self._keep(request, again=queued.attempts > 0)
            if not self._gateway.holds(request.charge_point):
                self.left(request.charge_point)

    def _keep(self, request: CommandRequested, *, again: bool) -> None:
        self._waiting.setdefault(request.charge_point, {})[request.command] = request
        if again:
            self._sent_before.add(request.command)

    async def _turn(self) -> None:
        """Wait for the next place among those that go out together."""
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
