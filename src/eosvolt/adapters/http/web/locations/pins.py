"""The pins of locations on a map."""

import json
from collections.abc import Iterable

from eosvolt.projections.locations import LocationRow


def pins(rows: Iterable[LocationRow], *, links: bool = True) -> str:
    """The locations that have coordinates, as JSON for the map's script (`ui/src/parts/map_drawing.js`)."""
    return json.dumps(
        [
            {
                "lat": row.details.latitude,
                "lon": row.details.longitude,
                "name": row.name,
                "href": f"/locations/{row.location}" if links else "",
            }
            for row in rows
            if row.details.latitude is not None and row.details.longitude is not None
        ]
    )
