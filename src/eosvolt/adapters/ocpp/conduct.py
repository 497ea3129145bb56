"""How a charger behaves on its connection: what it says oddly, and how wrong its clock is."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterator, MutableMapping
from datetime import datetime

import msgspec
import structlog

from eosvolt.adapters.ocpp import v16, v16_answers
from eosvolt.adapters.ocpp.account import Account
from eosvolt.adapters.ocpp.clock_watch import ClockWatch
from eosvolt.adapters.ocpp.registers import PLUGS_REMEMBERED, Metered
from eosvolt.adapters.ocpp.vocabulary import Heard
from eosvolt.application.charging import Admission
from eosvolt.application.maintenance import Maintenance
from eosvolt.domain.charge_points.meter_unit_check import MeterUnitCheck, MeterUnitVerdict, checked
from eosvolt.domain.charge_points.reports import MeterReport, StatusReport

log = structlog.get_logger(__name__)

Dated = StatusReport | Metered
STATUSES_REMEMBERED = 64
UNWATCHED = MeterUnitCheck()


class Conduct:
    """Watches one connection and tells what it finds."""

    def __init__(
        self,
        admission: Admission,
        maintenance: Maintenance,
        loop: asyncio.AbstractEventLoop,
        clocks: MutableMapping[str, ClockWatch],
        connected_at: datetime,
    ) -> None:
        """``clocks`` are those of all chargers that were ever connected to this process."""
        self._charge_point = charge_point = admission.charge_point
        self._maintenance = maintenance
        self._loop = loop
        self._clock = clocks.setdefault(
            charge_point, ClockWatch(admission.clock_offset_s, right=admission.clock_right)
        )
        self._clock.connected(connected_at)
        self._account = Account()
        self._over = False
        self._timer: asyncio.TimerHandle | None = None
        self._telling: set[asyncio.Task[None]] = set()
        self._newest: dict[int, StatusReport] = {}
        self._statuses: deque[StatusReport] = deque(maxlen=STATUSES_REMEMBERED)
        self._again: list[StatusReport] = []
        self._meters: dict[int, MeterUnitCheck] = {}

    def repaired(self, action: str, rules: list[str], at: datetime) -> None:
        """A message was understood with the help of ``rules``."""
        self._account.repaired(action, rules, at)
        self._arm()

    def unreadable(self, action: str, rule: str, at: datetime) -> None:
        """A message was not understood."""
        self._account.unreadable(action, rule, at)
        self._arm()

    def answered(self, action: str, outcome: str, at: datetime) -> None:
        """An answer to a CALL of ours came; one that broke its schema counts."""
        if outcome == v16_answers.MENDED:
            self.repaired(action, ["answer"], at)
        elif outcome == v16_answers.UNPARSED:
            self.unreadable(action, "Answer", at)

    def dated(self, heard: Heard) -> Heard:
        """The report with what is known of the clock that dated it."""
        if not isinstance(heard, Dated):
            return heard
        if isinstance(heard, MeterReport):
            self._metered(heard)
        shown = _shown(heard)
        # A status may be dated by when it began, whenever it is told, and waits for nothing.
        alone = 0.0 if isinstance(heard, StatusReport) else self._clock.alone_s(heard.received_at)
        found = shown is not None and self._clock.heard(shown, heard.received_at, alone)
        if shown is not None and not isinstance(heard, StatusReport):
            found = self._clock.metered(heard) or found
        if found:
            self._found()
        clock_offset_s = self._clock.clock_offset_s
        dated = msgspec.structs.replace(heard, clock_offset_s=clock_offset_s) if clock_offset_s else heard
        if isinstance(dated, StatusReport):
            self._statuses.append(dated)
            if dated.connector in self._newest or len(self._newest) < PLUGS_REMEMBERED:
                self._newest[dated.connector] = dated
        return dated

    def settled(self, action: str, came_at: datetime, at: datetime | None) -> None:
        """The charger has the answer to what it told; ``None``: it was an error, and it tells it again."""
        # What must never be refused is what chargers keep while they are offline.
        if v16.pardoned(action) is not None:
            self._clock.answered(at)
        elif at is not None:
            self._clock.kept_waiting(at - came_at)

    def again(self) -> Iterator[StatusReport]:
        """Earlier reports that mean something else now; each is due until the next is asked for.

        A status that seemed older than what was known may have come from a clock that had been set back.
        """
        while self._again:
            yield self._again[0]
            del self._again[0]

    async def end(self) -> None:
        """The connection is gone: tell what is left."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self._close()
        await asyncio.gather(*self._telling, return_exceptions=True)

    def _metered(self, report: MeterReport) -> None:
        """Compare what a plug's register gained with what its power explains."""
        connector = report.connector
        before = self._meters.get(connector, UNWATCHED)
        if connector < 1 or (before is UNWATCHED and len(self._meters) >= PLUGS_REMEMBERED):
            return
        now = before
        for reading in report.readings:
            now = checked(now, reading)
        self._meters[connector] = now
        if now.verdict is not before.verdict:
            self._start(self._report_meter_unit(connector, now.verdict))

    async def _report_meter_unit(self, connector: int, verdict: MeterUnitVerdict) -> None:
        try:
            await self._maintenance.meter_unit_checked(self._charge_point, connector, verdict)
        except Exception:
            log.exception("doubtful energy not noted", charger=self._charge_point)

    def _found(self) -> None:
        clock_offset_s = self._clock.clock_offset_s
        since = self._clock.since
        before = [each for each in self._newest.values() if each not in self._statuses]
        self._again = [
            msgspec.structs.replace(status, clock_offset_s=clock_offset_s)
            for status in (*before, *self._statuses)
            if self._newest.get(status.connector) is status
            or (since is not None and status.received_at >= since)
        ]
        self._start(self._tell_clock(clock_offset_s))

    async def _tell_clock(self, clock_offset_s: int) -> None:
        try:
            await self._maintenance.clock(self._charge_point, clock_offset_s)
        except Exception:
            log.exception("clock not noted", charger=self._charge_point)

    def _arm(self) -> None:
        wait = self._account.wait(self._loop.time())
        if wait is not None and self._timer is None:
            self._timer = self._loop.call_later(wait, self._due)

    def _due(self) -> None:
        self._timer = None
        self._start(self._close())

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _close(self) -> None:
        closed = self._account.close(self._loop.time())
        if closed is None:
            return
        try:
            await self._maintenance.oddities(self._charge_point, *closed)
        except Exception:
            log.exception("oddities not noted", charger=self._charge_point)
            self._account.reopen(closed)
            if not self._over:
                self._arm()


def _shown(report: Dated) -> datetime | None:
    """What the charger's clock showed when it wrote the report; ``None`` where it did not say."""
    if not report.timed:
        return None
    if isinstance(report, MeterReport):
        return report.readings[-1].at if report.readings else None
    return report.at
