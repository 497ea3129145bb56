"""The streams of the history that a search of one stream, session or charger has to look at."""

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, NamedTuple

from eosvolt.adapters.postgres.queries.stream_places import PostgresStreamPlaces
from eosvolt.application.event_search import EventSearch
from eosvolt.domain.calendar import MICROSECOND

# The streams of one charger that are merged for one page.
MOST_STREAMS = 2_000
# The longest time between the first and the last events of a session.
_LONGEST = timedelta(days=60)
END = 2**63 - 1
_EARLIEST, _LATEST = datetime(1970, 6, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
# The streams of a charger's sessions, faults and commands, by their opening.
_OF_CHARGER: LiteralString = (
    "SELECT stream, opened_at FROM ("
    "SELECT 'session:' || id AS stream, received_at AS opened_at, changed FROM {session_history}"
    " WHERE company = %(company)s AND charge_point = %(charger)s"
    # A stream has all entries of one plug and code.
    # Its charger's clock may be ahead of ours.
    " UNION ALL SELECT 'fault:' || regexp_replace(id, '#[0-9]+$', ''), since - interval '1 day', changed"
    " FROM {faults}"
    " WHERE company = %(company)s AND charge_point = %(charger)s"
    " UNION ALL SELECT 'command:' || command, requested_at, changed FROM {charger_commands}"
    " WHERE company = %(company)s AND charge_point = %(key)s"
    ") streams WHERE "
)
_OPENED: LiteralString = f"{_OF_CHARGER}opened_at > %(since)s AND opened_at <= %(until)s ORDER BY 2"
_UNDER_WAY: LiteralString = (
    f"{_OF_CHARGER}opened_at <= %(since)s AND (changed > %(low)s OR opened_at > %(long_before)s)"
)
_OF_SESSION: LiteralString = (
    "SELECT 'command:' || remote_command AS stream FROM {session_history}"
    " WHERE id = %(session)s AND company = %(company)s AND remote_command <> ''"
    " UNION SELECT 'fault:' || regexp_replace(id, '#[0-9]+$', '') FROM {faults}"
    " WHERE company = %(company)s AND charge_point ="
    " (SELECT charge_point FROM {session_history} WHERE id = %(session)s) AND session = %(session)s"
)


class PositionRange(NamedTuple):
    """What is searched: the positions between ``low`` and ``high``, both excluded."""

    company: int
    low: int
    high: int
    ascending: bool

    @property
    def direction(self) -> LiteralString:
        """The order of reading in SQL."""
        return "ASC" if self.ascending else "DESC"

    def params(self) -> dict[str, Any]:
        """The bounds as parameters of a statement."""
        return {"company": self.company, "low": self.low, "high": self.high}

    def behind(self, position: int) -> "PositionRange":
        """The rest of it, after this position in the order of reading."""
        return self._replace(low=position) if self.ascending else self._replace(high=position)

    @property
    def empty(self) -> bool:
        """Whether no position lies in it."""
        return self.high <= self.low + 1

    @property
    def far_end(self) -> int:
        """Where reading comes to its end; nothing lies behind."""
        return self.high - 1 if self.ascending else self.low + 1

    def up_to(self, position: int) -> "PositionRange":
        """Its part up to and with this position."""
        return self._replace(high=position + 1) if self.ascending else self._replace(low=position - 1)


class PostgresEventStreams(PostgresStreamPlaces):
    """Finds streams by what they are about."""

    async def _streams(self, stretch: PositionRange, wanted: EventSearch) -> tuple[PositionRange, list[str]]:
        """The streams that are searched, and the part of the stretch in which they are all there are."""
        if wanted.charger:
            part, found = await self._of_charger(stretch, wanted.charger)
        elif wanted.session:
            params = {"company": stretch.company, "session": wanted.session}
            linked = await self._live.ask(_OF_SESSION, params)
            part, found = stretch, [f"session:{wanted.session}", *(stream for (stream,) in linked)]
        else:
            part, found = stretch, [wanted.stream]
        if self._within is None:
            return part, found
        here = await self._here_only(stretch.company, set(found))
        return part, [stream for stream in found if stream in here]

    async def _of_charger(self, stretch: PositionRange, charger: str) -> tuple[PositionRange, list[str]]:
        key = f"{stretch.company}/{charger}"
        params = {"company": stretch.company, "charger": charger, "key": key}
        since, until = await self._instant(stretch.low), await self._instant(stretch.high - 1)
        opened = await self._live.ask(_OPENED, params | {"since": since, "until": until})
        part = stretch
        if len(opened) > MOST_STREAMS and stretch.ascending:
            for number in range(MOST_STREAMS, len(opened)):
                edge = await self._store.position_at(opened[number][1])
                if edge > stretch.low:
                    part, opened = stretch._replace(high=edge + 1), opened[:number]
                    break
        elif len(opened) > MOST_STREAMS:
            opened = opened[-MOST_STREAMS:]
            part = stretch._replace(low=await self._store.position_at(opened[0][1] - MICROSECOND))
            since = opened[0][1] - MICROSECOND
        times = {"low": part.low, "since": since, "long_before": since - _LONGEST}
        under_way = await self._live.ask(_UNDER_WAY, params | times)
        own = (f"charge-point:{key}", f"maintenance:{key}", f"refusals:{key}", f"smart-charging:{key}")
        return part, list(dict.fromkeys([*own, *(stream for stream, _ in (*under_way, *opened))]))

    async def _instant(self, position: int) -> datetime:
        """When the last event at or before a position was recorded."""
        if position >= END - 1:
            return _LATEST
        return await self._store.recorded_at(position) or _EARLIEST
