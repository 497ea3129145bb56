"""The pins of locations on a map."""

import json
from collections.abc import Callable, Iterable

from eosvolt.projections.locations import LocationRow


def pins(rows: Iterable[LocationRow], link: Callable[[LocationRow], str]) -> str:
    """The locations that have coordinates, as JSON for the map's script (`ui/src/parts/map_drawing.js`).

    ``link`` is the address that the pin of a location leads to; empty for a pin that leads nowhere.
    """
    return json.dumps(
        [
            {
                "lat": row.details.latitude,
                "lon": row.details.longitude,
                "name": row.name,
                "href": link(row),
            }
            for row in rows
            if row.details.latitude is not None and row.details.longitude is not None
        ]
    )
