"""The gateway's side of chargers in a zone: commands are lost, late, slow, refused or repeated as is said."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.gateway import Answered, NotConnected, TimedOut
from eosvolt.application.commands.results import CommandResults
from tests.zone_chargers import Mishap, SimCharger

SECOND = timedelta(seconds=1)


class ZoneGateway:
    """The connections of chargers. ``answers`` are those that wait for an instant."""

    chargers: dict[str, SimCharger]
    clock: SteppedClock
    charging: ChargingService
    results: CommandResults
    answers: list[tuple[datetime, asyncio.Future[None]]]

    def holds(self, charge_point: str) -> bool:
        return self.chargers[charge_point].online

    async def disconnect(self, charge_point: str) -> None:
        self.chargers[charge_point].online = False

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,
        reference: str = "",
    ) -> Answered:
        charger = self.chargers[charge_point]
        mishap = charger.mishaps.pop(0) if charger.mishaps else Mishap.NONE
        done: list[bool] = []

        def carry_out() -> None:
            done.append(charger.carries_out(action, payload))

        now = self.clock.now()
        match mishap:
            case Mishap.LOST:
                await self._until(now + timeout)
                raise TimedOut
            case Mishap.REFUSED:
                charger.catches_up(now, all_of_it=True)
                return Answered(accepted=False, response={"status": "Rejected"})
            case Mishap.ANSWER_LOST:
                charger.catches_up(now, all_of_it=True)
                carry_out()
                await self.leaves(charger)
                raise NotConnected
            case Mishap.LATE:
                charger.catches_up(now, all_of_it=True)
                carry_out()
                await self._until(now + timeout)
                late = asyncio.create_task(self._answers_late(reference, accepted=done[-1]))
                await asyncio.shield(asyncio.sleep(0))
                self._late = late
                raise TimedOut
            case Mishap.SLOW:
                charger.inbox.append((now + timedelta(seconds=4), carry_out))
                await self._until(now + timedelta(seconds=5))
            case Mishap.REPEATED:
                charger.catches_up(now, all_of_it=True)
                carry_out()
                carry_out()
            case Mishap.NONE:
                charger.catches_up(now, all_of_it=True)
                carry_out()
        if not charger.online or not done:
            raise NotConnected
        return Answered(accepted=done[-1], response={"status": "Accepted" if done[-1] else "Rejected"})

    async def _answers_late(self, command: str, *, accepted: bool) -> None:
        await self._until(self.clock.now() + 3 * SECOND)
        answer = Answered(accepted, {"status": "Accepted" if accepted else "Rejected"})
        await self.results.answered_late(command, answer)

    async def _until(self, at: datetime) -> None:
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answers.append((at, answered))
        await answered

    async def propose(self, charge_point: str) -> str:
        raise AssertionError(charge_point)

    async def settle(self, charge_point: str, outcome: str) -> None:
        raise AssertionError((charge_point, outcome))

    async def leaves(self, charger: SimCharger) -> None:
        charger.online = False
        await self.charging.disconnected(charger.key, at=self.clock.now(), reason="closed")
