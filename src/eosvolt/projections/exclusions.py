"""Every exclusion: the question of its page and API, and of regulators' definitions of uptime."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.exclusions.events import ExclusionRecorded, ExclusionWithdrawn
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class ExclusionRow(Row, frozen=True, kw_only=True):
    """An exclusion. ``by`` and ``withdrawn_by`` are actors; ``withdrawn_at`` is ``None`` while it counts."""

    exclusion: str
    company: int
    location: str
    charge_point: str
    connector: int
    kind: str
    since: datetime
    until: datetime
    reason: str
    recorded_at: datetime
    by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawal_reason: str = ""

    def covers(self, location: str, charge_box_id: str, connector: int) -> bool:
        """Whether it is about this plug at this location."""
        return (
            self.location == location
            and self.charge_point in {"", charge_box_id}
            and self.connector in {0, connector}
        )


def keys(fact: Fact) -> Iterable[str]:
    """The exclusion itself."""
    return (fact.key,)


def apply(row: ExclusionRow | None, fact: Fact, key: str) -> ExclusionRow | None:
    """The exclusion after the fact."""
    match fact.event, row:
        case ExclusionRecorded() as recorded, _:
            return ExclusionRow(
                exclusion=key,
                company=recorded.company,
                location=recorded.scope.location,
                charge_point=recorded.scope.charge_point,
                connector=recorded.scope.connector,
                kind=recorded.kind.value,
                since=recorded.since,
                until=recorded.until,
                reason=recorded.reason,
                recorded_at=recorded.at,
                by=fact.why.by,
            )
        case ExclusionWithdrawn(at=at, reason=reason), ExclusionRow():
            return msgspec.structs.replace(
                row, withdrawn_at=at, withdrawn_by=fact.why.by, withdrawal_reason=reason
            )
        case _:
            return row


exclusions = ReadModel(
    name="exclusions",
    version=1,
    row=ExclusionRow,
    reads=tags(ExclusionRecorded, ExclusionWithdrawn),
    keys=keys,
    apply=apply,
    indexes=("company, since",),
)
