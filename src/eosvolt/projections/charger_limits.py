"""The limits of each charger of a zone: asked, sent, confirmed, and the most that it may draw by them."""

from collections.abc import Iterable
from datetime import datetime
from typing import get_args

import msgspec

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Fact
from eosvolt.domain.smart_charging.events import (
    FALLBACK,
    LimitAsked,
    LimitConfirmed,
    LimitExceeded,
    LimitExpired,
    LimitKept,
    LimitNotSent,
    LimitRefused,
    LimitsDoubted,
    LimitSent,
    LimitUnanswered,
    SmartChargingChanged,
    SmartChargingEvent,
    WithdrawalAsked,
    WithdrawalConfirmed,
    WithdrawalFailed,
    ZoneJoined,
    ZoneLeft,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.domain.zones.capacity import VOLTS
from eosvolt.domain.zones.values import PlugWiring
from eosvolt.projections.read_model import ReadModel, Row

change = msgspec.structs.replace


class OutstandingLimit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A limit that the charger may have or may get, by the ``command`` that carries it."""

    command: str
    limit_ma: int


class KeptLimit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The limit of a plug's session, for each phase; of plug 0: the fallback.

    ``in_force_ma`` is what the charger confirmed, ``asked_ma`` the newest limit that was asked for, with its
    ``state``: asked, sent, confirmed, refused, unanswered or notSent. ``drawn_ma`` is what the plug drew when
    it exceeded its limit, ``None`` where it keeps it.
    """

    plug: int
    session: str = ""
    in_force_ma: int | None = None
    asked_ma: int | None = None
    asked_at: datetime | None = None
    command: str = ""
    state: str = ""
    status: str = ""
    explanation: Explanation | None = None
    outstanding: tuple[OutstandingLimit, ...] = ()
    drawn_ma: int | None = None

    @property
    def highest_ma(self) -> int:
        """The highest limit that may be in force."""
        return max((self.in_force_ma or 0, *(each.limit_ma for each in self.outstanding)))


class KeptWithdrawal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The withdrawal of the limit of a plug, or of the fallback (0), that is not confirmed.

    ``state``: asked, refused, unanswered or notSent.
    """

    plug: int
    command: str
    at: datetime
    state: str = "asked"
    status: str = ""
    explanation: Explanation | None = None


class LimitsRow(Row, frozen=True, kw_only=True):
    """A charger's limits. ``zone`` is empty where it belongs to none; ``following``: its zone is on.

    ``withdrawals`` are those of the limits of ``withdrawn_zone`` that the charger did not confirm.
    ``refusals`` are those in a row.
    """

    charge_point: str
    company: int
    charge_box_id: str
    zone: str = ""
    plugs: tuple[PlugWiring, ...] = ()
    fallback_ma: int = 0
    following: bool = False
    limits: tuple[KeptLimit, ...] = ()
    refusals: int = 0
    doubted_at: datetime | None = None
    withdrawals: tuple[KeptWithdrawal, ...] = ()
    withdrawn_zone: str = ""

    def limit(self, plug: int) -> KeptLimit | None:
        """The limit of a plug's session; of plug 0: the fallback."""
        return next((each for each in self.limits if each.plug == plug), None)

    def may_draw_ma(self, wiring: PlugWiring) -> int:
        """The most that a plug may draw for each phase, by what is confirmed and what is outstanding.

        Its session may end at any time, and another begin with the fallback: that counts at least.
        """
        fallback = self.limit(FALLBACK)
        withdrawn = any(each.plug == FALLBACK for each in self.withdrawals)
        if fallback is None or fallback.in_force_ma is None or withdrawn:
            return wiring.max_ma
        limit = self.limit(wiring.plug)
        most = max(fallback.highest_ma, 0 if limit is None else limit.highest_ma)
        return min(most, wiring.max_ma)

    @property
    def may_draw_w(self) -> int:
        """The most that all its plugs may draw."""
        return sum(self.may_draw_ma(each) * each.phases * VOLTS for each in self.plugs) // 1000


def keys(fact: Fact) -> Iterable[str]:
    """The charger itself."""
    return (fact.key,)


def apply(row: LimitsRow | None, fact: Fact, key: str) -> LimitsRow | None:
    """The charger's limits after the fact."""
    match fact.event:
        case ZoneJoined() | SmartChargingChanged() as described:
            known = row or LimitsRow(
                charge_point=key, company=described.company, charge_box_id=key.partition("/")[2]
            )
            return change(
                known,
                zone=described.zone,
                plugs=described.plugs,
                fallback_ma=described.fallback_ma,
                following=described.following,
            )
        case _:
            return None if row is None else _limited(row, fact)


def _limited(row: LimitsRow, fact: Fact) -> LimitsRow:
    match fact.event:
        case ZoneLeft():
            return change(row, zone="", plugs=(), following=False)
        case LimitAsked() as asked:
            return _put(row, _asked(row.limit(asked.plug), asked))
        case LimitSent(plug=plug, command=command):
            return _moved(row, plug, command, "sent")
        case LimitConfirmed(plug=plug, command=command, limit_ma=limit_ma):
            return _confirmed(row, plug, command, limit_ma)
        case LimitRefused(plug=plug, command=command, status=status, refusals=refusals):
            refused = _moved(_without(row, plug, command), plug, command, "refused", status)
            return change(refused, refusals=refusals)
        case LimitUnanswered(plug=plug, command=command, explanation=why):
            return _moved(row, plug, command, "unanswered", why=why)
        case LimitNotSent(plug=plug, command=command, explanation=why):
            return _moved(_without(row, plug, command), plug, command, "notSent", why=why)
        case LimitExpired(plug=plug, session=session):
            left = tuple(each for each in row.limits if (each.plug, each.session) != (plug, session))
            return change(row, limits=left)
        case LimitsDoubted(at=at):
            return change(row, doubted_at=at)
        case LimitExceeded(plug=plug, measured_ma=measured_ma):
            return _measured(row, plug, measured_ma)
        case LimitKept(plug=plug):
            return _measured(row, plug, None)
        case _:
            return _withdrawn(row, fact)


def _withdrawn(row: LimitsRow, fact: Fact) -> LimitsRow:
    match fact.event:
        case WithdrawalAsked(zone=zone, plug=plug, command=command, at=at):
            asked = KeptWithdrawal(plug=plug, command=command, at=at)
            return change(_kept(row, plug, asked), withdrawn_zone=zone)
        case WithdrawalConfirmed(plug=plug):
            gone = change(row, limits=tuple(each for each in row.limits if each.plug != plug))
            return _kept(gone, plug, None)
        case WithdrawalFailed(plug=plug, command=command, at=at) as failed:
            result = KeptWithdrawal(
                plug=plug,
                command=command,
                at=at,
                state=failed.outcome,
                status=failed.status,
                explanation=failed.explanation,
            )
            return _kept(row, plug, result)
        case _:
            return row


def _kept(row: LimitsRow, plug: int, withdrawal: KeptWithdrawal | None) -> LimitsRow:
    others = tuple(each for each in row.withdrawals if each.plug != plug)
    return change(row, withdrawals=others if withdrawal is None else (*others, withdrawal))


def _asked(known: KeptLimit | None, asked: LimitAsked) -> KeptLimit:
    # The limits of a session before this one end with it.
    before = known if known is not None and known.session == asked.session else KeptLimit(plug=asked.plug)
    return change(
        before,
        session=asked.session,
        asked_ma=asked.limit_ma,
        asked_at=asked.at,
        command=asked.command,
        state="asked",
        status="",
        explanation=None,
        outstanding=(*before.outstanding, OutstandingLimit(asked.command, asked.limit_ma)),
    )


def _confirmed(row: LimitsRow, plug: int, command: str, limit_ma: int) -> LimitsRow:
    """It is in force in place of all that was asked before it; ``doubted`` chargers are known again."""
    limit = row.limit(plug)
    if limit is None:
        return row
    places = [at for at, each in enumerate(limit.outstanding) if each.command == command]
    later = limit.outstanding[places[0] + 1 :] if places else limit.outstanding
    confirmed = change(limit, in_force_ma=limit_ma, outstanding=later)
    known = change(_put(row, confirmed), refusals=0)
    if plug == FALLBACK:
        known = change(known, doubted_at=None)
    return _moved(known, plug, command, "confirmed")


def _moved(
    row: LimitsRow, plug: int, command: str, state: str, status: str = "", why: Explanation | None = None
) -> LimitsRow:
    limit = row.limit(plug)
    if limit is None or limit.command != command:
        return row
    return _put(row, change(limit, state=state, status=status, explanation=why))


def _without(row: LimitsRow, plug: int, command: str) -> LimitsRow:
    limit = row.limit(plug)
    if limit is None:
        return row
    left = tuple(each for each in limit.outstanding if each.command != command)
    return _put(row, change(limit, outstanding=left))


def _measured(row: LimitsRow, plug: int, drawn_ma: int | None) -> LimitsRow:
    limit = row.limit(plug)
    return row if limit is None else _put(row, change(limit, drawn_ma=drawn_ma))


def _put(row: LimitsRow, limit: KeptLimit) -> LimitsRow:
    others = (each for each in row.limits if each.plug != limit.plug)
    return change(row, limits=tuple(sorted((*others, limit), key=lambda each: each.plug)))


charger_limits = ReadModel(
    name="charger_limits",
    version=1,
    row=LimitsRow,
    reads=tags(*get_args(SmartChargingEvent)),
    keys=keys,
    apply=apply,
    indexes=("company, zone", "company, withdrawn_zone"),
)
