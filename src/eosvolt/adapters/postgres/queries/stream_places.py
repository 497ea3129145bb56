"""Which streams of the history belong to the locations of a search."""

from collections import defaultdict
from collections.abc import Collection
from typing import LiteralString

from eosvolt.adapters.postgres.queries.base_query import ALL_CHARGERS_HERE, BaseQuery

_PLACES: LiteralString = (
    "SELECT 'session:' || id FROM {session_history}"
    " WHERE id = ANY(%(sessions)s) AND company = %(company)s AND location = ANY(%(within)s)"
    " UNION ALL SELECT 'fault:' || left(id, -2) FROM {faults} entry JOIN {charge_points} charger"
    " ON charger.company = entry.company AND charger.charge_box_id = entry.charge_point"
    " WHERE id = ANY(%(faults)s) AND charger.location = ANY(%(within)s)"
    " UNION ALL SELECT 'command:' || command FROM {charger_commands}"
    " JOIN {charge_points} USING (charge_point) WHERE command = ANY(%(commands)s)"
    " AND location = ANY(%(within)s)"
    " UNION ALL SELECT 'charger:' || charge_point FROM {charge_points}"
    " WHERE charge_point = ANY(%(chargers)s) AND location = ANY(%(within)s)"
    " UNION ALL SELECT 'zone:' || zone FROM {zones}"
    f" WHERE zone = ANY(%(zones)s) AND company = %(company)s{ALL_CHARGERS_HERE}"
)
_OF_A_CHARGER = ("charge-point", "maintenance", "delivery", "refusals", "smart-charging")


class PostgresStreamPlaces(BaseQuery):
    """The locations of streams.

    Sessions belong to the location where they happened, everything else of a charger to the one at which it
    stands now, zones to those of all their chargers. Streams of the company as a whole belong to none.
    """

    async def _here_only(self, company: int, streams: Collection[str]) -> set[str]:
        """Those of ``streams`` that belong to the locations of the search."""
        within = self._within or frozenset()
        keys: dict[str, list[str]] = defaultdict(list)
        chargers: dict[str, list[str]] = defaultdict(list)
        for stream in streams:
            category, _, key = stream.partition(":")
            keys[category].append(key)
            if category in _OF_A_CHARGER:
                # The key of a delivery goes on behind its charger's.
                charger = key.partition("#")[0] if category == "delivery" else key
                chargers[charger].append(stream)
        rows = await self._live.ask(
            _PLACES,
            {
                "company": company,
                "within": sorted(within),
                "sessions": keys["session"],
                # The first entry of each stream.
                "faults": [f"{key}#1" for key in keys["fault"]],
                "commands": keys["command"],
                "chargers": list(chargers),
                "zones": keys["zone"],
            },
        )
        here = {f"location:{key}" for key in keys["location"] if key in within}
        for (found,) in rows:
            category, _, key = found.partition(":")
            here.update(chargers[key] if category == "charger" else (found,))
        return here
