"""Random sessions: the car at a plug, second by second, and the messages of its charger."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any, NamedTuple

from tests.oracle.account import Account, Stop
from tests.oracle.terms import Terms

NONE_TAKEN = ("SuspendedEV", "SuspendedEVSE", "Faulted")
ODD_VALUES = (0, 2**32 - 1, 2**31, 7)


class Phase(NamedTuple):
    """The plug's state from an instant on, and the power that the car then took."""

    at: datetime
    state: str
    power_w: int


@dataclass
class Message:
    """Something that a charger says: a status, or a message of ``journey``. ``at`` is its own time."""

    at: datetime
    action: str
    payload: dict[str, Any]
    journey: "Journey | None" = None
    register: int | None = None
    delay: timedelta = timedelta(0)


@dataclass
class Journey:
    """A session as it was. ``number`` is its transaction; ``account`` is what came to be known of it."""

    charger: str
    plug: int
    token: str
    account: Account
    terms: Terms
    number: int = 0
    reports: list[str] = field(default_factory=list)


@dataclass
class Making:
    """Makes sessions of a plug one after the other; ``at`` is when the next thing may happen."""

    charger: str
    plug: int
    token: str
    terms: Terms
    rng: random.Random
    at: datetime
    register: int
    kwh: bool
    in_the_stop: bool

    def session(self) -> tuple[Journey, list[Message]]:
        """The next session and all its messages, in the order of their times."""
        rng = self.rng
        self._pass(60, 4_000)
        said = [self._status("Preparing")]
        self._pass(5, 90)
        began = self.at
        journey = Journey(
            self.charger, self.plug, self.token, Account(began, self.register, began), self.terms
        )
        start = {"connectorId": self.plug, "idTag": self.token, "meterStart": self.register}
        said.append(Message(began, "StartTransaction", start | stamped(began), journey))
        phases = self._phases()
        said += [Message(each.at, "StatusNotification", self._state(each.state, each.at)) for each in phases]
        samples = self._samples(journey, phases, began)
        stopped, final = self.at, self.register + delivered(phases, self.at)
        reason = rng.choice(("Local", "EVDisconnected", "Remote", "Other"))
        stop = {"meterStop": final, "reason": reason, "idTag": self.token} | stamped(stopped)
        late = timedelta(seconds=rng.randrange(120, 10_800)) if rng.random() < 0.08 else timedelta(0)
        if self.in_the_stop:
            stop["transactionData"] = [value for each in samples for value in each.payload["meterValue"]]
            for each in samples:
                if each.register is not None:
                    journey.account.readings.append((each.at, each.register))
        else:
            said += samples
        said.append(Message(stopped, "StopTransaction", stop, journey, final, late))
        self.register = final
        said += self._leaving(final - journey.account.register)
        return journey, sorted(said, key=lambda message: message.at)

    def _phases(self) -> list[Phase]:
        """States from just after the start on; moves on to the stop."""
        rng, fee = self.rng, self.terms.fee
        self._pass(1, 4)
        if rng.random() < 0.04:
            return self._nothing()
        phases = [Phase(self.at, "Charging", self._power())]
        self._pass(120, rng.choice((600, 3_600, 20_000)))
        while rng.random() < 0.45:
            state = rng.choice((*NONE_TAKEN, "SuspendedEV", "Charging"))
            phases.append(Phase(self.at, state, self._power() if state == "Charging" else 0))
            longest = 5_000
            if state == "SuspendedEV" and fee is not None:
                if rng.random() < 0.4:
                    # The car is full: idle for long, then stopped.
                    self._pass(int(fee.interval.total_seconds()) + 40, 9_000)
                    return phases
                longest = int(fee.interval.total_seconds()) - 40
            self._pass(61, longest)
            if state != "Charging":
                phases.append(Phase(self.at, "Charging", self._power()))
                self._pass(61, 5_000)
        return phases

    def _nothing(self) -> list[Phase]:
        phases = [Phase(self.at, self.rng.choice(("Charging", "SuspendedEV")), 0)]
        self._pass(30, 240)
        return phases

    def _samples(self, journey: Journey, phases: list[Phase], began: datetime) -> list[Message]:
        """Readings at odd intervals; now and then one that is wrong."""
        rng = self.rng
        step = rng.choice((37, 60, 113, 300, 601, 900))
        times, at = [], began
        while (at := at + timedelta(seconds=max(5, int(step * rng.uniform(0.4, 1.6))))) < self.at:
            times.append(at)
        while len(times) > 60:
            times = times[::2]
        odd = rng.randrange(3, len(times) - 3) if len(times) > 8 and rng.random() < 0.3 else None
        return [
            self._sample(journey, at, self.register + delivered(phases, at), wrong=index == odd)
            for index, at in enumerate(times)
        ]

    def _sample(self, journey: Journey, at: datetime, register: int, *, wrong: bool) -> Message:
        shown = register
        while wrong and abs(shown - register) < 100_000:
            shown = self.rng.choice((*ODD_VALUES, register + 10_000_000, register // 1000))
        value = f"{shown // 1000}.{shown % 1000:03}" if self.kwh else str(shown)
        sample = {"value": value, "unit": "kWh" if self.kwh else "Wh", "context": "Sample.Periodic"}
        payload = {"connectorId": self.plug, "meterValue": [stamped(at) | {"sampledValue": [sample]}]}
        return Message(at, "MeterValues", payload, journey, None if wrong else register)

    def _leaving(self, energy_wh: int) -> list[Message]:
        """What the plug does after the stop until it is free."""
        rng = self.rng
        self._pass(1, 3)
        said = [self._status("Finishing")]
        self._pass(20, rng.choice((120, 1_800, 14_000)) if energy_wh else 100)
        while energy_wh and rng.random() < 0.25:
            said.append(self._status(rng.choice(("Faulted", "Unavailable", "SuspendedEVSE", "SuspendedEV"))))
            self._pass(30, 4_000)
            said.append(self._status("Finishing"))
            self._pass(30, 4_000)
        if rng.random() < 0.9:
            said.append(self._status("Available"))
        return said

    def _status(self, state: str) -> Message:
        return Message(self.at, "StatusNotification", self._state(state, self.at))

    def _state(self, state: str, at: datetime) -> dict[str, Any]:
        error = "GroundFailure" if state == "Faulted" else "NoError"
        return {"connectorId": self.plug, "status": state, "errorCode": error} | stamped(at)

    def _power(self) -> int:
        return self.rng.choice((0, 1_380, 3_700, 7_400, 11_000, 20_999, self.rng.randrange(500, 21_000)))

    def _pass(self, least: int, most: int) -> None:
        self.at += timedelta(seconds=self.rng.randint(least, max(least, most)))


def delivered(phases: list[Phase], at: datetime) -> int:
    """Whole Wh that had been delivered by an instant."""
    total = Fraction(0)
    for phase, following in pairwise([*phases, Phase(max(at, phases[-1].at), "", 0)]):
        until = min(at, following.at)
        if until > phase.at:
            total += Fraction(phase.power_w * ((until - phase.at) // timedelta(seconds=1)), 3_600)
    return floor(total)


def stamped(at: datetime) -> dict[str, Any]:
    """A message's time."""
    return {"timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def heard(message: Message, at: datetime) -> None:
    """Put into the journey's account what a message told, which was heard ``at``."""
    journey = message.journey
    if journey is None:
        return
    if message.action == "StopTransaction" and message.register is not None and journey.account.stop is None:
        journey.account.stop = Stop(message.at, message.register, at)
    elif message.action == "MeterValues" and message.register is not None:
        journey.account.readings.append((message.at, message.register))
