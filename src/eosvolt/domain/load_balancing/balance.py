"""Decides the limits of a tree of zones: who gets how much, and what can be sent now.

First the shares (``shares.py``). Then what is sent: whoever has more than the share is lowered at once;
whoever has less is raised only as far as all others leave room by what they *may* draw, which a lower limit
changes once its charger has confirmed it. So at no time can the plugs together draw more than a zone can use,
as long as chargers keep what they confirmed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.load_balancing.sharer import Sharer
from eosvolt.domain.load_balancing.shares import Shares
from eosvolt.domain.load_balancing.situation import BalancedCharger
from eosvolt.domain.smart_charging.state import PlugLimit
from eosvolt.domain.zones.limits import STEP_MA
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import LimitReason, Lines, PlugDecision, ZoneRoom

NO_LINES: Mapping[str, Lines] = {}
# No more than one command for a charger in so long, unless it lowers.
PACE = timedelta(seconds=10)
# A charger that refused a limit, or did not answer, is asked again after so long; then after twice as long.
FIRST_RETRY, LAST_RETRY = timedelta(seconds=5), timedelta(minutes=10)
# A raise by less than this waits until there is more; so does a lower, unless there is too little room for
# what others have already or are to get.
WORTH_MA = 500
# A charger that draws more than its limit is sent it again after so long.
SENT_AGAIN_AFTER = timedelta(seconds=60)
# Limits depend on the time of day.
LOOKS_AGAIN = timedelta(seconds=60)


class ZoneDecision(NamedTuple):
    """What is decided: for which plugs limits are asked, who waits, and to whom the fallback is sent.

    ``again_at`` is when another decision is due although nothing happens.
    """

    rooms: tuple[ZoneRoom, ...]
    plugs: tuple[PlugDecision, ...]
    reserved: tuple[PlugDecision, ...]
    fallbacks: tuple[str, ...]
    again_at: datetime

    @property
    def asks(self) -> bool:
        """Whether something is to be sent."""
        return bool(self.fallbacks) or any(each.changed for each in self.plugs)


def balance(
    tree: ZoneTree,
    chargers: Sequence[BalancedCharger],
    now: datetime,
    drawn: Mapping[str, Lines] = NO_LINES,
) -> ZoneDecision:
    """The decision for a tree of zones at ``now``.

    ``drawn`` is what chargers surely drew when the meter of a zone was read last, by zone.
    """
    return _Sending(Shares(tree, chargers, now, drawn), chargers, now).decision()


class _Sending:
    """What is sent now.

    ``_free`` is what each room has beyond what its plugs count with, ``_sought`` what is to be raised in it.
    """

    def __init__(self, shares: Shares, chargers: Sequence[BalancedCharger], now: datetime) -> None:
        self._shares, self._chargers, self._now = shares, chargers, now
        self._free = [size - taken for size, taken in zip(shares.usable, shares.counted, strict=True)]
        self._sought = [0] * len(self._free)
        self._fallbacks: list[str] = []
        # Chargers that get a command now that does not lower.
        self._sent: set[str] = set()

    def decision(self) -> ZoneDecision:
        sharers = self._shares.sharers
        self._seek()
        for charger in self._chargers:
            self._send_fallback(charger)
        for each in sharers:
            self._lower(each)
        for each in sharers:
            self._send_again(each)
        for charger in self._chargers:
            self._raise_fallback(charger)
        for each in sharers:
            self._raise(each)
        for each in sharers:
            self._confirm_fallback(each)
        return ZoneDecision(
            self._shares.zone_rooms,
            tuple(each.said() for each in sharers if each.asked_ma is not None or each.waits),
            tuple(self._shares.reserved),
            tuple(self._fallbacks),
            min((self._now + LOOKS_AGAIN, *self._shares.again)),
        )

    def _seek(self) -> None:
        """Find out how much room is needed for all that is to be raised."""
        for each in self._shares.sharers:
            if each.target_ma >= each.newest_ma + WORTH_MA:
                for room in each.uses:
                    self._sought[room] += max(each.target_ma - each.counted_ma, 0)
        for charger in self._chargers:
            if self._has_lower_fallback(charger):
                for room, by in self._more_with_fallback(charger).items():
                    self._sought[room] += by

    def _send_fallback(self, charger: BalancedCharger) -> None:
        """Send the fallback to a charger that may draw more without a limit, or has booted."""
        fallback, base = charger.fallback, self._shares.base_ma
        if not charger.online or fallback.pending is not None:
            return
        in_force = fallback.in_force_ma
        lowers = in_force is None or base < in_force
        if not lowers and self._can_wait(charger):
            return
        if (lowers or (fallback.uncertain and base == in_force)) and self._may_retry(fallback):
            self._fallbacks.append(charger.charge_point)

    def _confirm_fallback(self, each: Sharer) -> None:
        """Send the same fallback again after a boot, where no other plug than a session's depends on it.

        The session's own limit goes first, as the pace allows only one of them. It is not waited for longer
        than that, nor where the session draws more than it may.
        """
        charger, fallback = each.charger, each.charger.fallback
        if not self._can_wait(charger) or fallback.pending is not None:
            return
        if fallback.in_force_ma != self._shares.base_ma or not fallback.uncertain:
            return
        booted = charger.state.doubted_at
        if booted is not None and not each.exceeding and each.target_ma > each.have_ma:
            self._shares.wake(booted + PACE)
            if self._now < booted + PACE:
                return
        if self._may_retry(fallback) and self._in_pace(charger):
            self._sent.add(charger.charge_point)
            self._fallbacks.append(charger.charge_point)

    def _can_wait(self, charger: BalancedCharger) -> bool:
        """Whether the fallback can wait: of one plug only, with a session, and no higher one in doubt."""
        higher = any(each.limit_ma > self._shares.base_ma for each in charger.fallback.outstanding)
        return len(charger.plugs) == 1 and charger.plugs[0].car is not None and not higher

    def _raise_fallback(self, charger: BalancedCharger) -> None:
        """Send a higher fallback as soon as all plugs of the charger have room for it."""
        fallback = charger.fallback
        if not self._has_lower_fallback(charger):
            return
        if fallback.pending is not None or not self._may_retry(fallback):
            return
        more = self._more_with_fallback(charger)
        if all(self._free[room] >= by for room, by in more.items()):
            for room, by in more.items():
                self._free[room] -= by
            self._fallbacks.append(charger.charge_point)

    def _has_lower_fallback(self, charger: BalancedCharger) -> bool:
        """Whether the fallback is to be raised."""
        in_force = charger.fallback.in_force_ma
        return charger.online and in_force is not None and in_force < self._shares.base_ma

    def _more_with_fallback(self, charger: BalancedCharger) -> Mapping[int, int]:
        """What the plugs of a charger count with more in their rooms once they have the fallback."""
        more: dict[int, int] = {}
        for plug in charger.plugs:
            by = max(min(self._shares.base_ma, plug.wiring.max_ma) - charger.counted_ma(plug, self._now), 0)
            for room in self._shares.rooms_of(charger, plug):
                more[room] = more.get(room, 0) + by
        return more

    def _lower(self, each: Sharer) -> None:
        """Lower a session at once, unless a limit that is low enough is under way."""
        limit, pending = each.limit, each.limit.pending
        if each.target_ma >= each.highest_ma:
            return
        little = each.highest_ma - each.target_ma < WORTH_MA
        # As long as one is stuck with more than its share, those who wait may not be admitted.
        if little and not each.stuck and not self._is_short(each):
            each.target_ma = each.highest_ma
            return
        if (pending is None or pending.limit_ma > each.target_ma) and self._may_retry(limit):
            each.asked_ma = each.target_ma

    def _send_again(self, each: Sharer) -> None:
        """Send a limit again that the charger may not have, or that it does not keep."""
        limit = each.limit
        if each.asked_ma is not None or limit.pending is not None or each.target_ma > each.have_ma:
            return
        if each.exceeding:
            due = limit.confirmed_at is None or self._now >= limit.confirmed_at + SENT_AGAIN_AFTER
        else:
            due = limit.uncertain
        if due and self._may_retry(limit) and self._in_pace(each.charger):
            self._sent.add(each.charger.charge_point)
            each.asked_ma = each.target_ma

    def _raise(self, each: Sharer) -> None:
        """Raise a session as far as there is room now.

        One that draws before it has a limit, as its charger ignores the fallback, is given one likewise.
        """
        charger, limit = each.charger, each.limit
        if each.asked_ma is not None or each.target_ma <= each.newest_ma:
            return
        if each.exceeding and limit.in_force_ma is not None:
            return
        room = each.counted_ma + min(self._free[room] for room in each.uses)
        amount = min(each.target_ma, room) // STEP_MA * STEP_MA
        enough = amount == each.target_ma or amount >= each.have_ma + WORTH_MA
        if limit.pending is not None:
            each.waits_for(LimitReason.OUTSTANDING)
        elif amount < each.minimum_ma or not enough:
            each.waits_for(LimitReason.ROOM_NOT_FREE)
        elif not self._in_pace(charger):
            each.waits_for(LimitReason.PACE)
        elif not self._may_retry(limit):
            each.waits_for(LimitReason.OUTSTANDING)
        else:
            self._sent.add(charger.charge_point)
            each.asked_ma = amount
            more = max(amount - each.counted_ma, 0)
            for used in each.uses:
                self._free[used] -= more

    def _in_pace(self, charger: BalancedCharger) -> bool:
        """Whether a charger may get a command that does not lower."""
        last = self._now if charger.charge_point in self._sent else charger.state.asked_at
        if last is None or self._now >= last + PACE:
            return True
        self._shares.wake(last + PACE)
        return False

    def _may_retry(self, limit: PlugLimit) -> bool:
        """Whether enough time has passed since the charger refused the limit or did not answer."""
        unanswered = [each.at for each in limit.outstanding if each.over]
        refused = [] if limit.refused_at is None else [limit.refused_at]
        failures = limit.refusals + len(unanswered)
        if not failures:
            return True
        due: datetime = max((*unanswered, *refused)) + min(
            FIRST_RETRY * 2 ** min(failures - 1, 10), LAST_RETRY
        )
        self._shares.wake(due)
        return self._now >= due

    def _is_short(self, each: Sharer) -> bool:
        """Whether one of its rooms has too little for what its plugs count with and what is to be raised."""
        return any(self._free[room] < self._sought[room] for room in each.uses)
