"""One charger of the demo's past: its events are played into the application, message by message."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from ocpp.v16 import call

from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.adapters.simulator.demo_operator import DemoOperator
from eosvolt.adapters.simulator.events import (
    ChargerEvent,
    LinkBack,
    LinkLost,
    Metered,
    PlugEvent,
    Started,
    StatusChanged,
    Stopped,
    TokenShown,
)
from eosvolt.adapters.simulator.ocpp_encoding import OcppEncoder
from eosvolt.adapters.simulator.plug import Plug
from eosvolt.adapters.simulator.reports import (
    boot_report,
    meter_report,
    start_report,
    status_report,
    stop_report,
)
from eosvolt.adapters.simulator.station import Station, Verdict
from eosvolt.adapters.simulator.transcript import Transcript
from eosvolt.application.charging import ChargingService, TokenAnswer
from eosvolt.application.commands.gateway import Answered
from eosvolt.application.ports import Frames
from eosvolt.domain.tokens.events import Authorization

TRAVEL = timedelta(milliseconds=120)
# Each answer follows its message by a few milliseconds.
APART = timedelta(milliseconds=20)
HEARTBEAT_SECONDS = 300
# A full car stops drawing power before the charger ends its transaction.
OBEYS_WITHIN = timedelta(milliseconds=400)


class PastCharger:
    """Plays the events of a station in order of time."""

    def __init__(
        self,
        charging: ChargingService,
        clock: PastClock,
        station: Station,
        frames: Frames,
        operator: DemoOperator | None,
    ) -> None:
        """``clock`` shows when each message is received; ``frames`` keeps the messages."""
        self.station = station
        self.operator = operator
        self.key = station.plan.key
        self._charging = charging
        self._clock = clock
        self._encoder = OcppEncoder(station.plan)
        self._log = Transcript(station.plan, frames)
        self._heard = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._kept: list[PlugEvent] | None = None
        self._cards: set[str] = set()
        self._to_stop: list[tuple[Plug, int]] = []

    @property
    def online(self) -> bool:
        """Whether the charger is connected."""
        return self._kept is None

    def due(self) -> datetime:
        """The time of the next event."""
        own = self.station.due()
        return own if self.operator is None else min(own, self.operator.due)

    async def start(self, at: datetime) -> None:
        """Connect for the first time."""
        await self._back(at, booted=True)

    async def step(self, at: datetime) -> None:
        """Play the events at ``at``, which is ``due``."""
        if self.operator is not None and self.operator.due <= at:
            await self.operator.look(self._clock)
        await self._report(at, self.station.advance(at))

    async def end(self, at: datetime) -> None:
        """The system stops; the charger is disconnected."""
        if self._kept is None:
            self._clock.set(at)
            await self._charging.disconnected(self.key, at=at, reason="The gateway restarted")

    def stop_asked(self, transaction: int) -> Answered:
        """Accept a remote stop; ``obey`` carries it out."""
        plug = self.station.charging(transaction)
        verdict = Verdict.REJECTED if plug is None else Verdict.ACCEPTED
        self._log.call(call.RemoteStopTransaction(transaction), self._at(self._clock.now()), asks="out")
        self._log.answer({"status": verdict.value})
        if plug is not None:
            self._to_stop.append((plug, transaction))
        return Answered(plug is not None, {"status": verdict.value})

    async def obey(self) -> None:
        """Carry out accepted commands."""
        stopping, self._to_stop = self._to_stop, []
        for plug, transaction in stopping:
            if plug.delivery is not None and plug.delivery.transaction == transaction:
                at = self._clock.now() + OBEYS_WITHIN
                await self._report(at, plug.stop(at, "Remote"))

    async def _report(self, at: datetime, events: Iterable[ChargerEvent]) -> None:
        for event in events:
            match event:
                case LinkLost():
                    self._clock.set(at + TRAVEL)
                    await self._charging.disconnected(self.key, at=at + TRAVEL, reason="The connection broke")
                    self._kept = []
                case LinkBack(booted=booted):
                    kept, self._kept = self._kept or [], None
                    await self._back(at, booted=booted)
                    for earlier in kept:
                        await self._say(earlier, at)
                case TokenShown() if self._kept is not None:
                    await self._decide(event, at, accepted=event.token in self._cards)
                case StatusChanged() if self._kept is not None:
                    pass
                case _ if self._kept is not None:
                    self._kept.append(event)
                case _:
                    await self._say(event, at)

    async def _back(self, at: datetime, *, booted: bool) -> None:
        """Connect, boot after a restart, and send the status of all plugs."""
        received_at = self._at(at + TRAVEL)
        plan = self.station.plan
        admission = await self._charging.admit(plan.company, plan.charge_box_id)
        proved = admission is not None and admission.has_password
        self._log.connected()
        await self._charging.connected(
            self.key,
            at=received_at,
            protocol="ocpp1.6",
            secure=False,
            authenticated=proved,
            address="127.0.0.1",
        )
        if booted:
            received_at = self._at(received_at)
            frame = self._log.call(self._encoder.boot(), received_at)
            await self._charging.booted(self.key, boot_report(plan, received_at), frame)
            self._log.answer(
                {"currentTime": _instant(received_at), "interval": HEARTBEAT_SECONDS, "status": "Accepted"}
            )
        for status in self.station.statuses(at):
            await self._say(status, at)

    async def _say(self, event: PlugEvent, at: datetime) -> None:
        """Play one event of ``event.at``, which is received at ``at`` or later."""
        received_at = self._at(at + TRAVEL)
        match event:
            case Metered():
                frame = self._log.call(self._encoder.meter(event), received_at)
                report = meter_report(event.plug, [event], received_at)
                await self._charging.metered(self.key, report, frame)
                self._log.answer({})
            case StatusChanged():
                frame = self._log.call(self._encoder.status(event), received_at)
                await self._charging.reported(self.key, status_report(event, received_at), frame)
                self._log.answer({})
            case TokenShown():
                self._log.call(call.Authorize(self._encoder.tag(event.token)), received_at)
                answer = await self._charging.authorized(self.key, event.token)
                self._log.answer({"idTagInfo": _judged(answer)})
                accepted = answer.authorization is Authorization.ACCEPTED
                if accepted:
                    self._cards.add(event.token)
                await self._decide(event, at, accepted=accepted)
            case Started():
                await self._started(event, received_at)
            case Stopped():
                frame = self._log.call(self._encoder.stop(event), received_at)
                about = await self._charging.stopped(self.key, stop_report(event, received_at), frame)
                self._log.answer({} if about is None else {"idTagInfo": _judged(about)})

    async def _decide(self, shown: TokenShown, at: datetime, *, accepted: bool) -> None:
        await self._report(at, self.station.plugs[shown.plug].answered(at, shown.token, accepted=accepted))

    async def _started(self, started: Started, received_at: datetime) -> None:
        delivery = started.delivery
        frame = self._log.call(self._encoder.start(started), received_at)
        opened = await self._charging.started(self.key, start_report(started, received_at), frame)
        self._log.answer({"idTagInfo": _judged(opened.token), "transactionId": opened.transaction})
        delivery.transaction = opened.transaction
        plug = self.station.plugs[started.plug]
        if opened.token.authorization is not Authorization.ACCEPTED and plug.delivery is delivery:
            at = max(started.at, received_at - TRAVEL)
            await self._report(at, plug.stop(at, "DeAuthorized"))

    def _at(self, at: datetime) -> datetime:
        """Set the clock to the time at which the next message is received, not before ``at``."""
        self._heard = max(at, self._heard + APART)
        self._clock.set(self._heard)
        return self._heard


def _judged(answer: TokenAnswer) -> dict[str, Any]:
    return {"status": answer.authorization.value}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
