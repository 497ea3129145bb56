"""The energy and the cost of a running session, as one value folded from its events.

The decider, the pages of running sessions and the what-if calculation all use it, so their amounts agree.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from eosvolt.domain.charge_points.reports import RANK_OF_BEGIN
from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.energy_evidence import Evidence
from eosvolt.domain.sessions.events import (
    Bill,
    BookedTermsChanged,
    ClockOffsetChanged,
    EnergyMetered,
    SessionReading,
    SessionStarted,
)
from eosvolt.domain.sessions.registers import (
    ABOVE_POWER,
    UNKNOWN_POWER_W,
    RegisterFinding,
    Sample,
    Stop,
    deliverable_wh,
    power_wh,
)
from eosvolt.domain.sessions.seen import seen
from eosvolt.domain.sessions.timeline import Timeline, moved, not_billed, suspensions
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.rating import rate, total
from eosvolt.domain.tariffs.tariff import Period, Tariff, period_at, with_terms

# With fewer samples a running session shows no held energy.
SAMPLES_THAT_CONFIRM = 3


class SettledBill(NamedTuple):
    """A session's bill at an instant.

    ``energy_wh`` is billed. ``held_wh`` is the register's energy beyond that, more than the plug can deliver;
    billing it needs an operator's consent. ``findings`` are the odd values of the register.
    """

    bill: Bill
    energy_wh: int
    held_wh: int
    findings: tuple[RegisterFinding, ...]


class RunningBill(msgspec.Struct, frozen=True, omit_defaults=True):
    """The evidence of the register and the timeline of the plug.

    ``clock_s``: by how many seconds the session's clock is ahead of ours; ``None`` until an offset is found.
    """

    tariff: Tariff
    evidence: Evidence
    timeline: Timeline = ()
    clock_s: int | None = None
    period: Period | None = None

    @property
    def started_at(self) -> datetime:
        """When the session began."""
        return self.evidence.start_at

    @property
    def energy_wh(self) -> int:
        """The energy in Wh that the evidence proves so far."""
        return self.evidence.energy_wh

    def after(self, event: Event) -> "RunningBill":
        """The bill after an event of its session; most events leave it unchanged."""
        match event:
            case EnergyMetered(readings=readings):
                return self.metered(readings)
            case BookedTermsChanged(free_wh=free_wh, fee_begins_at=begins_at):
                tariff = with_terms(self.tariff, free_wh, begins_at)
                return msgspec.structs.replace(self, tariff=tariff)
            case ClockOffsetChanged(clock_s=clock_s, moved_s=moved_s):
                timeline = moved(self.timeline, timedelta(seconds=moved_s)) if moved_s else self.timeline
                return msgspec.structs.replace(self, clock_s=clock_s, timeline=timeline)
            case _:
                timeline = seen(self.timeline, event)
                return self if timeline is self.timeline else msgspec.structs.replace(self, timeline=timeline)

    def stop(self, at: datetime, wh: int, received_at: datetime) -> Stop:
        """The stop's register value ``wh``, dated ``at`` by the charger and received at ``received_at``."""
        if self.clock_s is None:
            return Stop(at, wh, at)
        return Stop(at, wh, max(at, received_at + timedelta(seconds=self.clock_s)))

    def metered(self, readings: tuple[SessionReading, ...]) -> "RunningBill":
        """The bill after readings, in any order of time."""
        evidence, period = self.evidence, self.period
        for reading in readings:
            at = reading.at
            if period is None or not period.since <= at < period.until:
                period = period_at(self.tariff, at)
            if reading.register_wh is not None:
                evidence = _with_sample(evidence, Sample(at, reading.rank, reading.register_wh), period)
            for rank, wh in reading.registers:
                evidence = _with_sample(evidence, Sample(at, rank, wh), period)
            if reading.interval_wh is not None:
                evidence = evidence.increase(reading.at, reading.interval_wh)
        if evidence is self.evidence:
            return self
        return msgspec.structs.replace(self, evidence=evidence, period=period)

    def settled(
        self, ended_at: datetime, stop: Stop | None = None, until: datetime | None = None
    ) -> SettledBill:
        """The bill of a session that ended at ``ended_at``.

        ``stop`` is the register value of the charger's stop, which may be later than ``ended_at``. Samples
        after the stop, or without one after ``until``, are ignored.
        """
        last = stop.at if stop is not None else until
        found = self.evidence.explained(stop, last)
        over_at = max(ended_at, found.readings[-1].at, ended_at if stop is None else stop.latest)
        energy_wh = self._billed(found.energy_wh, over_at)
        findings = found.findings
        if energy_wh < found.energy_wh and all(finding.cause != ABOVE_POWER for finding in findings):
            findings = (*findings, RegisterFinding(over_at, ABOVE_POWER, found.energy_wh))
        return SettledBill(
            bill=self._bill(found.readings, energy_wh, ended_at),
            energy_wh=energy_wh,
            held_wh=max(found.energy_wh, found.claimed_wh) - energy_wh,
            findings=findings,
        )

    def with_consent(self, ended_at: datetime, energy_wh: int, stop: Stop | None = None) -> Bill:
        """The bill for ``energy_wh``, to which an operator consented."""
        found = self.evidence.explained(stop, None if stop is None else stop.at)
        *earlier, last = found.readings
        readings = (*earlier, EnergyPoint(last.at, max(energy_wh, last.wh)))
        if len(readings) == 1:
            readings = (last, EnergyPoint(max(ended_at, last.at), energy_wh))
        return self._bill(readings, energy_wh, ended_at)

    def so_far(self, now: datetime) -> SettledBill:
        """The bill if charging ended now.

        Samples above the plug's power are set aside until a stop confirms them. From
        ``SAMPLES_THAT_CONFIRM`` samples on, their energy is shown as held, as after such a stop.
        """
        at, samples = max(now, self.evidence.last_at), self.evidence.samples
        settled = self.settled(at)
        if self.evidence.tail_wh is not None or len(samples) < SAMPLES_THAT_CONFIRM:
            return settled
        last = samples[-1]
        confirmed = self.settled(at, Stop(last.at, last.wh, last.at))
        unremarkable = all(finding.cause != ABOVE_POWER for finding in confirmed.findings)
        return settled if unremarkable else confirmed

    def _billed(self, energy_wh: int, over_at: datetime) -> int:
        """The energy in Wh that may be billed without consent: no more than the plug can have delivered."""
        since, power_w = self.started_at, self.evidence.power_w
        if energy_wh <= deliverable_wh(since, over_at, power_w):
            return energy_wh
        return power_wh(since, over_at, power_w)

    def _bill(self, readings: tuple[EnergyPoint, ...], energy_wh: int, ended_at: datetime) -> Bill:
        tariff = self.tariff
        if not energy_wh:
            # A session without energy is not billed for its time.
            return Bill(lines=(), total=total((), tariff.currency))
        began = self.started_at
        suspended = suspensions(self.timeline, began, ended_at)
        unbilled = not_billed(self.timeline, began, ended_at)
        known = tuple(EnergyPoint(each.at, min(each.wh, energy_wh)) for each in readings)
        curve = EnergyCurve(known, (*suspended, *unbilled))
        lines = rate(tariff, self.started_at, ended_at, curve.ended(ended_at), unbilled)
        return Bill(lines=lines, total=total(lines, tariff.currency))


def begun(event: SessionStarted, tariff: Tariff | None = None) -> RunningBill:
    """The bill at a session's start, under ``tariff`` or else the session's own."""
    evidence = Evidence(
        start_at=event.at,
        start_wh=event.meter_start_wh,
        power_w=event.max_power_w or UNKNOWN_POWER_W,
        start_known=event.metered,
    )
    return RunningBill(tariff=tariff or event.tariff, evidence=evidence)


def _with_sample(evidence: Evidence, sample: Sample, period: Period) -> Evidence:
    if sample.rank == RANK_OF_BEGIN:
        return evidence.claim_start(sample.wh)
    return evidence.add(sample, period)
