"""Monitors one connection: counts protocol violations, estimates the clock offset, checks meter units."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterator, MutableMapping
from datetime import datetime

import msgspec
import structlog

from eosvolt.adapters.ocpp import v16, v16_answers
from eosvolt.adapters.ocpp.clock_offset_estimator import ClockOffsetEstimator
from eosvolt.adapters.ocpp.inbound_messages import InboundMessage
from eosvolt.adapters.ocpp.meter_register_tracker import PLUGS_REMEMBERED, Metered
from eosvolt.adapters.ocpp.violation_counter import ViolationCounter
from eosvolt.application.charging import Admission
from eosvolt.application.maintenance import Maintenance
from eosvolt.domain.charge_points.meter_unit_check import MeterUnitCheck, MeterUnitVerdict, checked
from eosvolt.domain.charge_points.reports import MeterReport, StatusReport

log = structlog.get_logger(__name__)

TimestampedReport = StatusReport | Metered
STATUSES_REMEMBERED = 64
UNWATCHED = MeterUnitCheck()


class ConnectionMonitor:
    """Monitors one connection and records what it finds in the charger's stream of device events."""

    def __init__(
        self,
        admission: Admission,
        maintenance: Maintenance,
        loop: asyncio.AbstractEventLoop,
        clocks: MutableMapping[str, ClockOffsetEstimator],
        connected_at: datetime,
    ) -> None:
        """``clocks`` has an estimator for each charger that was ever connected to this process."""
        self._charge_point = charge_point = admission.charge_point
        self._maintenance = maintenance
        self._loop = loop
        self._clock = clocks.setdefault(
            charge_point, ClockOffsetEstimator(admission.clock_offset_s, right=admission.clock_right)
        )
        self._clock.connected(connected_at)
        self._violations = ViolationCounter()
        self._over = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._newest: dict[int, StatusReport] = {}
        self._statuses: deque[StatusReport] = deque(maxlen=STATUSES_REMEMBERED)
        self._again: list[StatusReport] = []
        self._meters: dict[int, MeterUnitCheck] = {}

    def repaired(self, action: str, rules: list[str], at: datetime) -> None:
        """Count a message that was repaired by ``rules``."""
        self._violations.repaired(action, rules, at)
        self._arm()

    def unreadable(self, action: str, rule: str, at: datetime) -> None:
        """Count a message that could not be read."""
        self._violations.unreadable(action, rule, at)
        self._arm()

    def answered(self, action: str, outcome: str, at: datetime) -> None:
        """Count an answer to our CALL that broke its schema. ``outcome`` is one of ``v16_answers``."""
        if outcome == v16_answers.REPAIRED:
            self.repaired(action, ["answer"], at)
        elif outcome == v16_answers.UNPARSED:
            self.unreadable(action, "Answer", at)

    def timestamped(self, message: InboundMessage) -> InboundMessage:
        """Return the report with the offset of the clock that wrote its timestamp."""
        if not isinstance(message, TimestampedReport):
            return message
        if isinstance(message, MeterReport):
            self._metered(message)
        shown = _shown(message)
        # A status may carry the time at which it began, however late it is sent, and it is not queued.
        alone = 0.0 if isinstance(message, StatusReport) else self._clock.alone_s(message.received_at)
        found = shown is not None and self._clock.observe(shown, message.received_at, alone)
        if shown is not None and not isinstance(message, StatusReport):
            found = self._clock.metered(message) or found
        if found:
            self._found()
        clock_offset_s = self._clock.clock_offset_s
        report = (
            msgspec.structs.replace(message, clock_offset_s=clock_offset_s) if clock_offset_s else message
        )
        if isinstance(report, StatusReport):
            self._statuses.append(report)
            if report.connector in self._newest or len(self._newest) < PLUGS_REMEMBERED:
                self._newest[report.connector] = report
        return report

    def settled(self, action: str, came_at: datetime, at: datetime | None) -> None:
        """A message of ``came_at`` was answered ``at``; ``None``: with an error, so it comes again."""
        # Chargers queue the same messages while they are offline that we never refuse.
        if v16.fallback_response(action) is not None:
            self._clock.answered(at)
        elif at is not None:
            self._clock.kept_waiting(at - came_at)

    def again(self) -> Iterator[StatusReport]:
        """Yield earlier status reports that have to be applied again with the new clock offset.

        A status that seemed older than the known one may have come from a clock that had been set back. A
        report stays due until the next one is asked for.
        """
        while self._again:
            yield self._again[0]
            del self._again[0]

    async def end(self) -> None:
        """The connection has ended: record the remaining counts and wait for what is being recorded."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self._flush()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _metered(self, report: MeterReport) -> None:
        """Compare the energy of a plug's register with the energy that its power explains."""
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
            log.exception("meter unit verdict not recorded", charger=self._charge_point)

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
        self._start(self._report_clock(clock_offset_s))

    async def _report_clock(self, clock_offset_s: int) -> None:
        try:
            await self._maintenance.clock(self._charge_point, clock_offset_s)
        except Exception:
            log.exception("clock offset not recorded", charger=self._charge_point)

    def _arm(self) -> None:
        wait = self._violations.wait(self._loop.time())
        if wait is not None and self._timer is None:
            self._timer = self._loop.call_later(wait, self._due)

    def _due(self) -> None:
        self._timer = None
        self._start(self._flush())

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _flush(self) -> None:
        counts = self._violations.flush(self._loop.time())
        if counts is None:
            return
        try:
            await self._maintenance.protocol_violations(self._charge_point, *counts)
        except Exception:
            log.exception("protocol violations not recorded", charger=self._charge_point)
            self._violations.restore(counts)
            if not self._over:
                self._arm()


def _shown(report: TimestampedReport) -> datetime | None:
    """The timestamp that the charger gave the report; ``None`` where it gave none."""
    if not report.timed:
        return None
    if isinstance(report, MeterReport):
        return report.readings[-1].at if report.readings else None
    return report.at
