"""The register samples of a session, independent of the order in which they arrived.

Samples are kept unchanged, sorted by time. ``register_search.explained`` finds the energy that they prove
together. A sample that continues the last one, as nearly all do, is added without a search.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from operator import attrgetter

import msgspec

from eosvolt.domain.sessions.register_search import explained
from eosvolt.domain.sessions.registers import SLACK_WH, RegisterExplanation, Sample, Stop, deliverable_wh
from eosvolt.domain.tariffs.tariff import Period

# How many of a price period's agreeing samples are kept at either end. Those in between change no price, and
# three samples outweigh any two that contradict them.
KEPT_AT_EITHER_END = 3
# How many increments of a charger without a register are kept, to recognise repeated ones.
KEPT_INCREMENTS = 64
MOST_START_CLAIMS = 4
_at = attrgetter("at")


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """The register at the start, the kept samples, and the energy in Wh that they prove so far.

    ``start_claims`` are register values that samples gave for the transaction's begin. ``increments`` are
    energies in Wh with the instant at which each was complete, of chargers without a register; ``merged_wh``
    is the sum of older ones, up to ``merged_at``. ``start_known``: the charger sent a register at the start;
    otherwise the first known value is used. ``tail_wh`` is the energy at the last sample, ``None`` if that
    contradicts others. ``run`` counts the consecutive samples of one price period up to the last.
    """

    start_at: datetime
    start_wh: int
    power_w: int
    samples: tuple[Sample, ...] = ()
    start_claims: tuple[int, ...] = ()
    increments: tuple[tuple[datetime, int], ...] = ()
    merged_at: datetime | None = None
    merged_wh: int = 0
    energy_wh: int = 0
    tail_wh: int | None = 0
    run: int = 0
    start_known: bool = True

    @property
    def last_at(self) -> datetime:
        """The time of the latest sample or increment; the start without any."""
        last = self.samples[-1].at if self.samples else self.start_at
        return max(last, self.increments[-1][0]) if self.increments else last

    def add(self, sample: Sample, within: Period) -> "Evidence":
        """The evidence with one more sample of the price period ``within``; itself if that adds nothing."""
        samples = self.samples
        if not samples or sample.at > samples[-1].at:
            gone_on = self._gone_on(sample, within)
            if gone_on is not None:
                return gone_on
        index = bisect_left(samples, sample)
        if index < len(samples) and samples[index] == sample:
            return self
        if self._among_those_that_agree(sample, index, within):
            return self
        changed = (*samples[:index], sample, *samples[index:])
        settled = _settled(msgspec.structs.replace(self, samples=changed), within)
        return self if settled.samples == samples else settled

    def claim_start(self, register_wh: int) -> "Evidence":
        """The evidence with a register value that a sample gave for the transaction's begin."""
        known = self.start_claims
        if register_wh == self.start_wh or register_wh in known or len(known) >= MOST_START_CLAIMS:
            return self
        return _settled(msgspec.structs.replace(self, start_claims=tuple(sorted((*known, register_wh)))))

    def increase(self, at: datetime, wh: int) -> "Evidence":
        """The evidence with ``wh`` drawn between the previous increment and ``at``."""
        known = self.increments
        if (self.merged_at is not None and at <= self.merged_at) or any(each == at for each, _ in known):
            return self
        increments = tuple(sorted((*known, (at, max(wh, 0)))))
        merged_at, merged_wh = self.merged_at, self.merged_wh
        if len(increments) > KEPT_INCREMENTS:
            merged_at, oldest = increments[0]
            merged_wh, increments = merged_wh + oldest, increments[1:]
        changed = msgspec.structs.replace(
            self, increments=increments, merged_at=merged_at, merged_wh=merged_wh
        )
        return changed if self.samples else _settled(changed)

    def explained(self, stop: Stop | None = None, until: datetime | None = None) -> RegisterExplanation:
        """The explanation of all samples up to ``until``, and of the stop's register value if given."""
        samples: Sequence[Sample] = self.samples or self._summed()
        if until is not None:
            samples = samples[: bisect_right(samples, until, key=_at)]
        if self.start_known:
            return explained(self.start_at, (self.start_wh, *self.start_claims), samples, stop, self.power_w)
        if not self.samples and self.increments:
            # Only increments are known: the stop's register would be the lifetime total of the meter.
            return explained(self.start_at, (self.start_wh,), samples, None, self.power_w)
        if self.start_claims:
            return explained(self.start_at, self.start_claims, samples, stop, self.power_w)
        first = [sample.wh for sample in samples[:MOST_START_CLAIMS]]
        starts = first or [self.start_wh if stop is None else stop.wh]
        return explained(self.start_at, starts, samples, stop, self.power_w, start_known=False)

    def goes_in_between(self, sample: Sample) -> bool:
        """Whether the sample lies between the accepted samples before and after it.

        It may be an absolute register value or count from the session's start.
        """
        believed = self.explained().readings
        after = bisect_right(believed, sample.at, key=_at)
        if not 0 < after < len(believed):
            return False
        least_wh, most_wh = believed[after - 1].wh, believed[after].wh
        return any(least_wh <= wh <= most_wh for wh in (sample.wh - self.start_wh, sample.wh))

    def _gone_on(self, sample: Sample, within: Period) -> "Evidence | None":
        """The evidence with a sample that continues the last one, the common case; ``None`` if not."""
        if self.tail_wh is None or (self.increments and not self.samples):
            # A first register replaces the increments: both are the same energy.
            return None
        samples = self.samples
        last_at, last_wh = (samples[-1].at, samples[-1].wh) if samples else (self.start_at, self.start_wh)
        if not samples and not self.start_known:
            if self.start_claims:
                return None
            last_wh = sample.wh
        gained = sample.wh - last_wh
        if gained < 0 or (gained > SLACK_WH and gained > deliverable_wh(last_at, sample.at, self.power_w)):
            return None
        run = self.run + 1 if last_at >= within.since else 1
        if run > 2 * KEPT_AT_EITHER_END:
            middle = len(samples) - KEPT_AT_EITHER_END
            samples, run = samples[:middle] + samples[middle + 1 :], run - 1
        tail = self.tail_wh + gained
        return Evidence(
            start_at=self.start_at,
            start_wh=self.start_wh,
            power_w=self.power_w,
            samples=(*samples, sample),
            start_claims=self.start_claims,
            increments=self.increments,
            merged_at=self.merged_at,
            merged_wh=self.merged_wh,
            energy_wh=max(tail, self.energy_wh),
            tail_wh=tail,
            run=run,
            start_known=self.start_known,
        )

    def _among_those_that_agree(self, sample: Sample, index: int, within: Period) -> bool:
        """Whether a late sample adds nothing to its neighbours, which agree with it and each other."""
        around = self.samples[max(index - KEPT_AT_EITHER_END, 0) : index + KEPT_AT_EITHER_END]
        if index < KEPT_AT_EITHER_END or len(around) < 2 * KEPT_AT_EITHER_END:
            return False
        if around[0].at < within.since or around[-1].at >= within.until:
            return False
        together = (*around[:KEPT_AT_EITHER_END], sample, *around[KEPT_AT_EITHER_END:])
        return all(self._agree(before, after) for before, after in pairwise(together))

    def _agree(self, before: Sample, after: Sample) -> bool:
        gained = after.wh - before.wh
        return before.at < after.at and 0 <= gained <= deliverable_wh(before.at, after.at, self.power_w)

    def _summed(self) -> tuple[Sample, ...]:
        """The increments as samples of a register."""
        register_wh = self.start_wh + self.merged_wh
        summed = [] if self.merged_at is None else [Sample(self.merged_at, 0, register_wh)]
        for at, wh in self.increments:
            register_wh += wh
            summed.append(Sample(at, 0, register_wh))
        return tuple(summed)


def _settled(evidence: Evidence, within: Period | None = None) -> Evidence:
    """The evidence with its proven energy and without the samples that change no price."""
    found = evidence.explained()
    kept = evidence.samples if within is None else _kept(evidence.samples, found.on_series, within)
    return msgspec.structs.replace(
        evidence,
        samples=kept,
        energy_wh=found.energy_wh,
        tail_wh=found.tail_wh,
        run=0 if found.tail_wh is None else 1,
    )


def _kept(known: tuple[Sample, ...], on_series: frozenset[Sample], within: Period) -> tuple[Sample, ...]:
    first, beyond = (bisect_left(known, each, key=_at) for each in (within.since, within.until))
    if beyond - first <= 2 * KEPT_AT_EITHER_END:
        return known
    here = known[first:beyond]
    on = [sample for sample in here if sample in on_series]
    aside = [sample for sample in here if sample not in on_series]
    return (*known[:first], *sorted((*_ends(on), *_ends(aside))), *known[beyond:])


def _ends(samples: list[Sample]) -> list[Sample]:
    if len(samples) <= 2 * KEPT_AT_EITHER_END:
        return samples
    return samples[:KEPT_AT_EITHER_END] + samples[-KEPT_AT_EITHER_END:]
