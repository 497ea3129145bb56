"""A simulated charger that runs in real time.

It advances its station and keeps its OCPP connection open.
"""

import asyncio
import base64
from collections.abc import Iterable, Mapping, Sequence
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
from eosvolt.adapters.simulator.events import (
    ChargerEvent,
    LinkBack,
    LinkLost,
    Metered,
    Started,
    StatusChanged,
    Stopped,
    TokenShown,
)
from eosvolt.adapters.simulator.ocpp_encoding import OcppEncoder
from eosvolt.adapters.simulator.ocpp_handlers import OcppHandlers
from eosvolt.adapters.simulator.outbox import Message, Outbox
from eosvolt.adapters.simulator.parking_bay_session import BookedTime
from eosvolt.adapters.simulator.persistent_state import PersistentState
from eosvolt.adapters.simulator.station import Station

OCPP16 = Subprotocol("ocpp1.6")
LONGEST_PAUSE_S = 30.0
BOOT_AGAIN_S = 10.0


class Charger:
    """One charger with its connection.

    ``problem`` says why there is no connection; it is empty while there is one.
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

        ``started``: the charger is running already and does not boot.
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
        self._closed = asyncio.Event()
        self._alone = asyncio.Event()
        self._alone.set()
        self._closing = False
        self._state = PersistentState(station, clock, self._deliver, OcppEncoder(station.plan), Outbox())
        if station.away_until is None:
            self._link.set()

    @property
    def outbox(self) -> Outbox:
        """The messages that are not delivered yet."""
        return self._state.outbox

    def book(self, booked: Mapping[int, Sequence[BookedTime]]) -> None:
        """What is booked of the plugs, by their numbers; it takes the place of what was known."""
        for number, plug in self.station.plugs.items():
            plug.book(self._state.clock.now(), booked.get(number, ()))
        self._woken.set()

    async def run(self) -> None:
        """Run until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._advance())
                group.create_task(self._stay_connected())
        finally:
            self._state.jobs.give_up()

    async def close(self, within_s: float) -> None:
        """End all transactions, deliver the messages within ``within_s`` seconds, and close the connection.

        A link that is lost is restored for that. ``run`` must still be running.
        """
        self._closing = True
        self._state.jobs.give_up()
        self._deliver(self.station.shut_down(self._state.clock.now()))
        self._link.set()
        if self.connections:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self.outbox.empty.wait()
        self._link.clear()
        self._closed.set()
        await self._alone.wait()
        self.problem = ""

    async def _advance(self) -> None:
        clock = self._state.clock
        while True:
            now, outlets = clock.now(), self._state.outlets()
            change = self._state.limits.next_change(now, outlets)
            due = self.station.due()
            await clock.wait_until(due if change is None else min(due, change), self._woken)
            if self._closing:
                return
            self._apply_configuration()
            self._pass_on(self.station.advance(clock.now()))
            self._apply_limits(clock.now())

    def _apply_configuration(self) -> None:
        seconds = self._state.configuration.number("MeterValueSampleInterval")
        for plug in self.station.plugs.values():
            plug.sample_every = timedelta(seconds=max(seconds, 1))

    def _apply_limits(self, at: datetime) -> None:
        outlets = self._state.outlets()
        for number, plug in self.station.plugs.items():
            self._pass_on(plug.limit(at, self._state.limits.power_w(number, at, outlets)))

    # Events of the charger, delivered to the system.

    def _deliver(self, events: Iterable[ChargerEvent]) -> None:
        """Deliver events that a request caused, and recompute what happens next."""
        self._pass_on(events)
        self._woken.set()

    def _pass_on(self, events: Iterable[ChargerEvent]) -> None:
        encoder, outbox = self._state.encoder, self._state.outbox
        for event in events:
            match event:
                case StatusChanged():
                    if self.connected:
                        outbox.put(Message(partial(encoder.status, event)))
                case TokenShown():
                    self._ask(event)
                case Started():
                    self._state.limit(event)
                    answered = partial(self._start_answered, event)
                    outbox.put(Message(partial(encoder.start, event), kept=True, answered=answered))
                case Metered():
                    outbox.put(Message(partial(encoder.meter, event), kept=True))
                case Stopped():
                    outbox.put(Message(partial(encoder.stop, event), kept=True))
                case LinkLost():
                    self._link.clear()
                    self._closed.set()
                case LinkBack(booted=booted):
                    self._booted = self._booted and not booted
                    self._link.set()

    def _ask(self, shown: TokenShown) -> None:
        """Authorize a card; without a link, by the local list and the cache."""
        decide = partial(self._decide_alone, shown)
        if not self.connected:
            decide()
            return
        ask = partial(call.Authorize, self._state.encoder.tag(shown.token))
        self.outbox.put_first(Message(ask, answered=partial(self._card_answered, shown), missed=decide))

    def _decide_alone(self, shown: TokenShown) -> None:
        self._card_decided(shown, accepted=self._state.knows_card(shown.token))

    def _card_answered(self, shown: TokenShown, answer: call_result.Authorize) -> None:
        accepted = answer.id_tag_info["status"] == "Accepted"
        (self._state.cards.add if accepted else self._state.cards.discard)(shown.token)
        self._card_decided(shown, accepted=accepted)

    def _card_decided(self, shown: TokenShown, *, accepted: bool) -> None:
        if self._closing:
            return
        plug = self.station.plugs[shown.plug]
        self._deliver(plug.answered(self._state.clock.now(), shown.token, accepted=accepted))

    def _start_answered(self, started: Started, answer: call_result.StartTransaction) -> None:
        started.delivery.transaction = answer.transaction_id
        refused = answer.id_tag_info["status"] != "Accepted"
        plug = self.station.plugs[started.plug]
        if refused and plug.delivery is started.delivery:
            self._state.cards.discard(started.delivery.token)
            if self._state.configuration.claims("StopTransactionOnInvalidId"):
                self._deliver(plug.stop(self._state.clock.now(), "DeAuthorized"))

    # The connection.

    async def _stay_connected(self) -> None:
        failures = 0
        while True:
            await self._link.wait()
            self._closed.clear()
            try:
                async with self._connect() as socket:
                    self._alone.clear()
                    if socket.subprotocol == OCPP16:
                        failures = 0
                        await self._exchange(socket)
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

    def _connect(self) -> connect:
        key = self._state.configuration.keys["AuthorizationKey"].value
        password = bytes.fromhex(key) if key else self._password
        user = self.station.plan.charge_box_id.encode()
        proof = None if password is None else base64.b64encode(user + b":" + password).decode()
        return connect(
            self._url,
            subprotocols=[OCPP16],
            additional_headers={} if proof is None else {"Authorization": f"Basic {proof}"},
            ping_interval=self._state.configuration.number("WebSocketPingInterval") or None,
            proxy=None,
            close_timeout=2,
        )

    async def _exchange(self, socket: ClientConnection) -> None:
        """Exchange messages until either side closes the connection."""
        handlers = OcppHandlers(self._state, socket, self._timeout_s)
        self.connections += 1
        tasks = [
            asyncio.create_task(handlers.start()),
            asyncio.create_task(self._send_messages(handlers)),
            asyncio.create_task(self._beat()),
            asyncio.create_task(self._closed.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.connected = False
            self.problem = "connection lost"
            if self._closed.is_set() and not self._closing:
                socket.transport.abort()
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            self.outbox.link_lost()
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, ConnectionClosed):
                raise end

    async def _send_messages(self, handlers: OcppHandlers) -> None:
        send = partial(handlers.call, suppress=False)
        heartbeat_s = 300.0
        while not self._booted:
            with suppress(TimeoutError, OCPPError):
                answer = await send(self._state.encoder.boot())
                heartbeat_s = float(answer.interval or heartbeat_s)
                self._booted = answer.status == "Accepted"
            if not self._booted:
                await asyncio.sleep(min(heartbeat_s, BOOT_AGAIN_S))
        self._state.configuration.keys["HeartbeatInterval"].value = str(int(heartbeat_s))
        self.connected = True
        self.problem = ""
        self.outbox.put_first(*self._state.statuses())
        number = self._state.configuration.number
        await self.outbox.deliver(
            send,
            partial(number, "TransactionMessageAttempts"),
            lambda: float(number("TransactionMessageRetryInterval")),
        )

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(max(self._state.configuration.number("HeartbeatInterval"), 1))
            if self.connected and not len(self.outbox):
                self.outbox.put(Message(call.Heartbeat))
