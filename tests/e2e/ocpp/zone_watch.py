"""What the plugs of a zone draw all the time, beside what there is and what a clairvoyant would give."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eosvolt.domain.zones.allocation import Claim, fair
from eosvolt.domain.zones.limits import LEAST_MA
from tests.e2e.ocpp.zone_boxes import MOST_MA, ZoneBox
from tests.zone_chargers import VOLTS

STEP_S = 0.2
# How much later than cars come and go a clairvoyant may raise others.
REACTIONS_S = (0.0, 1.0, 2.0, 5.0)
# Others make up for a charger that disobeys so long after its meter has told it.
MADE_UP_WITHIN_S = 10.0


@dataclass
class ZoneWatch:
    """What all plugs draw, beside what there is and what a clairvoyant would give.

    Sums are in mA × phases × s; ``clairvoyant`` has one for each of the times that it may take to raise.
    """

    boxes: list[ZoneBox]
    usable_ma: int
    drawn: float = 0.0
    clairvoyant: dict[float, float] = field(default_factory=lambda: dict.fromkeys(REACTIONS_S, 0.0))
    highest_ma: int = 0
    longest_wait_s: float = 0.0
    excess: list[str] = field(default_factory=list)
    _waits: dict[int, float] = field(default_factory=dict)
    _before: deque[tuple[float, dict[int, int]]] = field(default_factory=deque)

    async def runs(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(STEP_S)
            now = time.monotonic()
            self._looks(now, now - last)
            last = now

    def _looks(self, now: float, passed_s: float) -> None:
        at = datetime.now(UTC)
        lines = [0, 0, 0]
        for box in self.boxes:
            charger, plug = box.charger, box.plug
            counted = charger.draws_ma(plug, at)
            phases = plug.wiring.phases
            plug.register_mwh += int(counted * phases * VOLTS * passed_s / 3600)
            if not charger.disobedient:
                self.drawn += counted * phases * passed_s
            elif not self.is_made_up_for(box, now):
                counted = min(charger.limit_ma(plug, at), counted)
            for line in plug.lines if plug.car is not None else ():
                lines[line] += counted
        self.highest_ma = max(self.highest_ma, *lines)
        if max(lines) > self.usable_ma:
            self.excess.append(f"{at}: {lines}")
        self._compares(now, at, passed_s)

    def _compares(self, now: float, at: datetime, passed_s: float) -> None:
        shares = self.shares()
        self._before.append((now, shares))
        while self._before[0][0] < now - max(REACTIONS_S):
            self._before.popleft()
        for box in self.boxes:
            delivery = box.plug.delivery
            if delivery is None or box.charger.disobedient:
                continue
            car, weight = id(delivery), box.plug.wiring.phases * passed_s
            for reaction_s in REACTIONS_S:
                since = [each.get(car, 0) for then, each in self._before if then >= now - reaction_s]
                self.clairvoyant[reaction_s] += min(since) * weight
            if shares[car] and not box.charger.draws_ma(box.plug, at):
                self._waits[car] = self._waits.get(car, 0) + passed_s
                self.longest_wait_s = max(self.longest_wait_s, self._waits[car])

    def is_made_up_for(self, box: ZoneBox, now: float) -> bool:
        """Whether others must have made up for a charger that disobeys."""
        return box.excess_told_at is not None and now > box.excess_told_at + MADE_UP_WITHIN_S

    def shares(self) -> dict[int, int]:
        """The max-min fair share of each car for each phase, who came first being admitted first."""
        rooms = [self.usable_ma] * 3
        cars = []
        for box in self.boxes:
            if box.plug.delivery is not None and box.charger.disobedient:
                for line in box.plug.lines:
                    rooms[line] -= box.charger.draws_ma(box.plug, datetime.now(UTC))
            elif box.plug.delivery is not None:
                claim = Claim(tuple(box.plug.lines), LEAST_MA, MOST_MA)
                cars.append((box.plug.delivery.started_at, id(box.plug.delivery), claim))
        cars.sort(key=lambda car: car[0])
        grants = fair([claim for _, _, claim in cars], rooms)
        return {car: grant.current_ma for (_, car, _), grant in zip(cars, grants, strict=True)}

    def starving(self) -> list[str]:
        """Who draws nothing now and could have the minimum."""
        at, shares = datetime.now(UTC), self.shares()
        return [
            box.name
            for box in self.boxes
            if shares.get(id(box.plug.delivery)) and not box.charger.draws_ma(box.plug, at)
        ]

    def share(self, reaction_s: float) -> float:
        """How much of a clairvoyant's energy was taken."""
        return self.drawn / self.clairvoyant[reaction_s]

    def told(self) -> dict[str, float]:
        """All figures."""
        return {
            **{f"of what is raised after {each} s": self.share(each) for each in REACTIONS_S},
            "highest on a line (A)": self.highest_ma / 1000,
            "longest wait with room for the minimum (s)": self.longest_wait_s,
        }
