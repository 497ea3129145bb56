"""The evidence of a session's register, whatever order it arrived in.

Every sample stays here as it was read, sorted by its time. What the samples prove together is found by
``register_search.explained``; one that goes on from the last, as nearly all do, needs no look at the others.
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

# Of samples of one price that agree no more than this many are kept at either end: what lies between changes
# no price, and three samples outweigh any two that contradict them.
KEPT_AT_EITHER_END = 3
# Increments of chargers without a register that are kept one by one, to know them when they come again.
KEPT_INCREMENTS = 64
MOST_START_CLAIMS = 4
_at = attrgetter("at")


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """The register at the start, all samples that matter, and the energy in Wh that they prove so far.

    ``start_claims`` are registers that samples claimed for the transaction's begin. ``increments`` is energy
    by the instant until which it was drawn, of chargers that tell no register; ``merged_wh`` what was drawn
    by ``merged_at`` of those that are not kept one by one. ``start_known``: the charger told a register at
    the start; otherwise the first that is known stands for it. ``tail_wh`` is the energy at the last sample,
    ``None`` where that contradicts others; ``run`` is how many samples go on from each other to it
    within one price.
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
        """When the last thing that is known of the register was so."""
        last = self.samples[-1].at if self.samples else self.start_at
        return max(last, self.increments[-1][0]) if self.increments else last

    def add(self, sample: Sample, within: Period) -> "Evidence":
        """The evidence with one more sample, read in the price period ``within``; itself if it is known."""
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
        """The evidence with a register that was claimed for the transaction's begin."""
        known = self.start_claims
        if register_wh == self.start_wh or register_wh in known or len(known) >= MOST_START_CLAIMS:
            return self
        return _settled(msgspec.structs.replace(self, start_claims=tuple(sorted((*known, register_wh)))))

    def increase(self, at: datetime, wh: int) -> "Evidence":
        """The evidence with ``wh`` that were drawn until ``at`` since the increment before."""
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
        """What everything proves together, up to ``until``, with the stop's register if there is one."""
        samples: Sequence[Sample] = self.samples or self._summed()
        if until is not None:
            samples = samples[: bisect_right(samples, until, key=_at)]
        if self.start_known:
            return explained(self.start_at, (self.start_wh, *self.start_claims), samples, stop, self.power_w)
        if not self.samples and self.increments:
            # Energy that is told without a register: the stop's would only say how much there ever was.
            return explained(self.start_at, (self.start_wh,), samples, None, self.power_w)
        if self.start_claims:
            return explained(self.start_at, self.start_claims, samples, stop, self.power_w)
        first = [sample.wh for sample in samples[:MOST_START_CLAIMS]]
        starts = first or [self.start_wh if stop is None else stop.wh]
        return explained(self.start_at, starts, samples, stop, self.power_w, start_known=False)

    def goes_in_between(self, sample: Sample) -> bool:
        """Whether the sample shows no less than those that are believed before it and no more than one after.

        As a register, or as one that counts from the session's start.
        """
        believed = self.explained().readings
        after = bisect_right(believed, sample.at, key=_at)
        if not 0 < after < len(believed):
            return False
        least_wh, most_wh = believed[after - 1].wh, believed[after].wh
        return any(least_wh <= wh <= most_wh for wh in (sample.wh - self.start_wh, sample.wh))

    def _gone_on(self, sample: Sample, within: Period) -> "Evidence | None":
        """The evidence with a sample that goes on from the last one: by far the most common case."""
        if self.tail_wh is None:
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
        """Whether a late sample says only what its neighbours say already."""
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
        """Increments as the register would have shown them."""
        register_wh = self.start_wh + self.merged_wh
        summed = [] if self.merged_at is None else [Sample(self.merged_at, 0, register_wh)]
        for at, wh in self.increments:
            register_wh += wh
            summed.append(Sample(at, 0, register_wh))
        return tuple(summed)


def _settled(evidence: Evidence, within: Period | None = None) -> Evidence:
    """The same evidence with what it proves, and no more of one price kept than matters."""
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
