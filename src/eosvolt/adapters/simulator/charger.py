"""A charger of the park that lives.

It plays its station in time and keeps up its connection to the system.
"""

import asyncio
import base64
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from ocpp.exceptions import OCPPError
from ocpp.v16 import call, call_result
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.happenings import (
    Happening,
    LinkBack,
    LinkLost,
    Metered,
    Started,
    StatusChanged,
    Stopped,
    TokenShown,
)
from eosvolt.adapters.simulator.memory import Memory
from eosvolt.adapters.simulator.outbox import Message, Outbox
from eosvolt.adapters.simulator.station import Station
from eosvolt.adapters.simulator.voice import Voice
from eosvolt.adapters.simulator.wire import Wire

OCPP16 = Subprotocol("ocpp1.6")
LONGEST_PAUSE_S = 30.0
BOOT_AGAIN_S = 10.0


class Charger:
    """One charger with its connection.

    ``problem`` says in a few words why there is no connection; it is empty while there is one.
    """

    def __init__(
        self,
        station: Station,
        url: str,
        clock: ParkClock,
        *,
        password: str | None = None,
        response_timeout_s: float = 30.0,
        started: bool = False,
    ) -> None:
        """Connect ``station`` to ``url`` + charge box id.

        ``started``: it is running already and has no need to boot.
        """
        self.station = station
        self.connected = False
        self.problem = "not connected yet"
        self.connections = 0
        self._url = f"{url.rstrip('/')}/{quote(station.plan.charge_box_id, safe='')}"
        self._password = None if password is None else password.encode()
        self._timeout_s = response_timeout_s
        self._booted = started
        self._woken = asyncio.Event()
        self._link = asyncio.Event()
        self._hang_up = asyncio.Event()
        self._alone = asyncio.Event()
        self._alone.set()
        self._closing = False
        self._memory = Memory(station, clock, self._tell, Wire(station.plan), Outbox())
        if station.away_until is None:
            self._link.set()

    @property
    def outbox(self) -> Outbox:
        """What is still to be said."""
        return self._memory.outbox

    async def run(self) -> None:
        """Live until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._live())
                group.create_task(self._stay_connected())
        finally:
            self._memory.errands.give_up()

    async def close(self, within_s: float) -> None:
        """End all transactions, say so as far as that is possible in time, and hang up.

        A link that is lost just now comes back for it. ``run`` must still be running.
        """
        self._closing = True
        self._memory.errands.give_up()
        self._tell(self.station.shut_down(self._memory.clock.now()))
        self._link.set()
        if self.connections:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self.outbox.empty.wait()
        self._link.clear()
        self._hang_up.set()
        await self._alone.wait()
        self.problem = ""

    async def _live(self) -> None:
        clock = self._memory.clock
        while True:
            now, outlets = clock.now(), self._memory.outlets()
            change = self._memory.limits.next_change(now, outlets)
            due = self.station.due()
            await clock.wait_until(due if change is None else min(due, change), self._woken)
            if self._closing:
                return
            self._obey_configuration()
            self._pass_on(self.station.advance(clock.now()))
            self._obey_limits(clock.now())

    def _obey_configuration(self) -> None:
        seconds = self._memory.configuration.number("MeterValueSampleInterval")
        for plug in self.station.plugs.values():
            plug.sample_every = timedelta(seconds=max(seconds, 1))

    def _obey_limits(self, at: datetime) -> None:
        outlets = self._memory.outlets()
        for number, plug in self.station.plugs.items():
            self._pass_on(plug.limit(at, self._memory.limits.power_w(number, at, outlets)))

    # What happens at the charger, told to the system.

    def _tell(self, happenings: Iterable[Happening]) -> None:
        """Pass on what somebody outside caused; what comes next at the charger may be something else now."""
        self._pass_on(happenings)
        self._woken.set()

    def _pass_on(self, happenings: Iterable[Happening]) -> None:
        wire, outbox = self._memory.wire, self._memory.outbox
        for happening in happenings:
            match happening:
                case StatusChanged():
                    if self.connected:
                        outbox.put(Message(partial(wire.status, happening)))
                case TokenShown():
                    self._ask(happening)
                case Started():
                    self._memory.limit(happening)
                    answered = partial(self._start_answered, happening)
                    outbox.put(Message(partial(wire.start, happening), kept=True, answered=answered))
                case Metered():
                    outbox.put(Message(partial(wire.meter, happening), kept=True))
                case Stopped():
                    outbox.put(Message(partial(wire.stop, happening), kept=True))
                case LinkLost():
                    self._link.clear()
                    self._hang_up.set()
                case LinkBack(booted=booted):
                    self._booted = self._booted and not booted
                    self._link.set()

    def _ask(self, shown: TokenShown) -> None:
        """Ask the system whether the card is good; without a link, remember whether it was."""
        decide = partial(self._decide_alone, shown)
        if not self.connected:
            decide()
            return
        ask = partial(call.Authorize, self._memory.wire.tag(shown.token))
        self.outbox.put_first(Message(ask, answered=partial(self._card_answered, shown), missed=decide))

    def _decide_alone(self, shown: TokenShown) -> None:
        self._card_decided(shown, accepted=self._memory.knows_card(shown.token))

    def _card_answered(self, shown: TokenShown, answer: call_result.Authorize) -> None:
        accepted = answer.id_tag_info["status"] == "Accepted"
        (self._memory.cards.add if accepted else self._memory.cards.discard)(shown.token)
        self._card_decided(shown, accepted=accepted)

    def _card_decided(self, shown: TokenShown, *, accepted: bool) -> None:
        if self._closing:
            return
        plug = self.station.plugs[shown.plug]
        self._tell(plug.answered(self._memory.clock.now(), shown.token, accepted=accepted))

    def _start_answered(self, started: Started, answer: call_result.StartTransaction) -> None:
        started.delivery.transaction = answer.transaction_id
        refused = answer.id_tag_info["status"] != "Accepted"
        plug = self.station.plugs[started.plug]
        if refused and plug.delivery is started.delivery:
            self._memory.cards.discard(started.delivery.token)
            if self._memory.configuration.claims("StopTransactionOnInvalidId"):
                self._tell(plug.stop(self._memory.clock.now(), "DeAuthorized"))

    # The connection.

    async def _stay_connected(self) -> None:
        failures = 0
        while True:
            await self._link.wait()
            self._hang_up.clear()
            try:
                async with self._dial() as socket:
                    self._alone.clear()
                    if socket.subprotocol == OCPP16:
                        failures = 0
                        await self._converse(socket)
                    else:
                        self.problem = "the system does not speak OCPP 1.6 there"
            except InvalidStatus as refusal:
                self.problem = f"refused with HTTP {refusal.response.status_code}"
            except (OSError, TimeoutError, WebSocketException) as problem:
                self.problem = str(problem) or type(problem).__name__
            finally:
                self._alone.set()
            failures += 1
            await asyncio.sleep(min(0.25 * 2**failures, LONGEST_PAUSE_S))

    def _dial(self) -> connect:
        key = self._memory.configuration.keys["AuthorizationKey"].value
        password = bytes.fromhex(key) if key else self._password
        user = self.station.plan.charge_box_id.encode()
        proof = None if password is None else base64.b64encode(user + b":" + password).decode()
        return connect(
            self._url,
            subprotocols=[OCPP16],
            additional_headers={} if proof is None else {"Authorization": f"Basic {proof}"},
            ping_interval=self._memory.configuration.number("WebSocketPingInterval") or None,
            proxy=None,
            close_timeout=2,
        )

    async def _converse(self, socket: ClientConnection) -> None:
        """Talk until the connection ends, by whichever side."""
        voice = Voice(self._memory, socket, self._timeout_s)
        self.connections += 1
        tasks = [
            asyncio.create_task(voice.start()),
            asyncio.create_task(self._talk(voice)),
            asyncio.create_task(self._beat()),
            asyncio.create_task(self._hang_up.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.connected = False
            self.problem = "connection lost"
            if self._hang_up.is_set() and not self._closing:
                socket.transport.abort()
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            self.outbox.link_lost()
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, ConnectionClosed):
                raise end

    async def _talk(self, voice: Voice) -> None:
        send = partial(voice.call, suppress=False)
        heartbeat_s = 300.0
        while not self._booted:
            with suppress(TimeoutError, OCPPError):
                answer = await send(self._memory.wire.boot())
                heartbeat_s = float(answer.interval or heartbeat_s)
                self._booted = answer.status == "Accepted"
            if not self._booted:
                await asyncio.sleep(min(heartbeat_s, BOOT_AGAIN_S))
        self._memory.configuration.keys["HeartbeatInterval"].value = str(int(heartbeat_s))
        self.connected = True
        self.problem = ""
        self.outbox.put_first(*self._memory.statuses())
        number = self._memory.configuration.number
        await self.outbox.deliver(
            send,
            partial(number, "TransactionMessageAttempts"),
            lambda: float(number("TransactionMessageRetryInterval")),
        )

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(max(self._memory.configuration.number("HeartbeatInterval"), 1))
            if self.connected and not len(self.outbox):
                self.outbox.put(Message(call.Heartbeat))
