"""What is known of a charger's limits: those in force, those on their way, and what it may draw at most."""

from datetime import datetime, timedelta

import msgspec

from eosvolt.domain.smart_charging.events import FALLBACK
from eosvolt.domain.zones.values import PlugWiring

# Cars follow a limit within so long (IEC 61851-1 §A.5.3).
REACTS_WITHIN = timedelta(seconds=5)


class NotBalanced(msgspec.Struct, frozen=True):
    """The charger was never in a zone."""


class Outstanding(msgspec.Struct, frozen=True):
    """A limit that was asked for. ``sent``: the charger may have it; ``over``: no answer is waited for."""

    command: str
    sequence: int
    limit_ma: int
    at: datetime
    sent: bool = False
    over: bool = False


class FormerLimit(msgspec.Struct, frozen=True):
    """A limit that was in force ``until`` an instant; ``None``: there was none of the session's own."""

    limit_ma: int | None
    until: datetime


class PlugLimit(msgspec.Struct, frozen=True):
    """The limit of a session on a plug, or the fallback.

    ``in_force_ma`` is the last that the charger confirmed; ``outstanding`` are newer ones without a certain
    outcome. ``doubted``: the charger has booted since. ``refusals`` in a row, the last at ``refused_at``.
    ``exceeded_ma``: what it drew beyond its limit, ``None`` while it keeps it. ``since`` is since when the
    value in force has been so; ``former`` are those that a car may still be following.
    """

    session: str = ""
    transaction: int = 0
    in_force_ma: int | None = None
    confirmed_at: datetime | None = None
    outstanding: tuple[Outstanding, ...] = ()
    doubted: bool = False
    refusals: int = 0
    refused_at: datetime | None = None
    exceeded_ma: int | None = None
    since: datetime | None = None
    former: tuple[FormerLimit, ...] = ()

    @property
    def unanswered(self) -> bool:
        """Whether a newer limit was left without an answer."""
        return any(each.over for each in self.outstanding)

    @property
    def uncertain(self) -> bool:
        """Whether the charger may have another limit than the last that it confirmed."""
        return self.doubted or self.unanswered

    @property
    def pending(self) -> Outstanding | None:
        """The newest limit whose answer is still waited for."""
        waiting = [each for each in self.outstanding if not each.over]
        return waiting[-1] if waiting else None


class LimitWithdrawal(msgspec.Struct, frozen=True):
    """The withdrawal of a limit. ``outcome`` is empty while an answer is waited for."""

    command: str
    at: datetime
    outcome: str = ""
    attempts: int = 1


class SmartCharging(msgspec.Struct, frozen=True):
    """A charger's limits. ``zone`` is empty once it left; ``following``: the zone is on.

    ``limits`` has the fallback as plug 0. ``withdrawals`` are those asked for since it follows no more.
    ``asked_at`` is when a limit was last asked for that does not lower; ``doubted_at`` when it was last found
    to have booted.
    """

    company: int
    charge_point: str
    zone: str
    plugs: tuple[PlugWiring, ...]
    fallback_ma: int
    following: bool
    joined_at: datetime
    limits: dict[int, PlugLimit] = {}
    withdrawals: dict[int, LimitWithdrawal] = {}
    sequence: int = 0
    asked_at: datetime | None = None
    doubted_at: datetime | None = None

    @property
    def controllable(self) -> bool:
        """Whether the charger takes limits, as far as is known.

        It does not where it has refused the fallback, or left it unanswered, and never confirmed one.
        """
        fallback = self.limits.get(FALLBACK)
        if fallback is None or fallback.in_force_ma is not None:
            return True
        return not fallback.refusals and not fallback.unanswered

    @property
    def owed(self) -> tuple[int, ...]:
        """The plugs (0: the fallback) whose limits are to be withdrawn, the fallback first.

        In this order no car that charges is held at the fallback on the way.
        """
        if self.following:
            return ()
        taken = (number for number, limit in self.limits.items() if _may_be_there(limit))
        return tuple(sorted(taken))

    def wiring(self, plug: int) -> PlugWiring | None:
        """How a plug is wired; ``None`` for one that is not described."""
        return next((each for each in self.plugs if each.plug == plug), None)


SmartChargingState = NotBalanced | SmartCharging


def assumed_ma(
    state: SmartCharging, plug: PlugWiring, session: str = "", began: datetime | None = None
) -> int:
    """The most that the plug may draw for each phase, by all that is known.

    ``session`` is open on it since ``began``. Chargers may take a new fallback for sessions that begin from
    then on only: one that is older counts with the plug's maximum until its own limit is confirmed.

    At any time its session may end, another begin, or the charger restart: so a plug counts at least with
    the fallback, whatever its session's limit is. Where the fallback is not certain, or may have been
    withdrawn, it is the plug's maximum.
    """
    fallback = state.limits.get(FALLBACK)
    if fallback is None or fallback.in_force_ma is None or FALLBACK in state.withdrawals:
        return plug.max_ma
    most = _most(fallback, plug.max_ma)
    limit = state.limits.get(plug.plug)
    if limit is not None:
        most = max(most, _most(limit, 0))
    limited = limit is not None and limit.session == session and limit.in_force_ma is not None
    if began is not None and not limited and precedes(began, fallback):
        return plug.max_ma
    return min(most, plug.max_ma)


def precedes(began: datetime, fallback: PlugLimit) -> bool:
    """Whether a session began before the fallback was what it is."""
    return fallback.since is None or began < fallback.since


def _most(limit: PlugLimit, otherwise: int) -> int:
    in_force = otherwise if limit.in_force_ma is None else limit.in_force_ma
    return max((in_force, *(each.limit_ma for each in limit.outstanding)))


def _may_be_there(limit: PlugLimit) -> bool:
    return limit.in_force_ma is not None or any(each.sent for each in limit.outstanding)


def limit_of(state: SmartCharging, plug: int, session: str) -> PlugLimit:
    """The limit of a session on a plug; nothing where the limit there is another session's."""
    known = state.limits.get(plug)
    return PlugLimit(session=session) if known is None or known.session != session else known
