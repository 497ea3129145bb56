"""The restriction of queries to some plugs."""

from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries.base_query import HERE, NO_HOMES, BaseQuery
from eosvolt.application.performance_questions import PlugFilter

# The condition for rows with a location and a charger. It needs ``_plugs``.
PLUGS_HERE: LiteralString = (
    " AND (%(places)s::text[] IS NULL OR location = ANY(%(places)s))"
    f" AND (%(charger)s = '' OR charge_point = %(charger)s){HERE}"
)
# The same without homes, for equipment. Sessions and money are counted wherever they are.
EQUIPMENT_HERE: LiteralString = f"{PLUGS_HERE}{NO_HOMES}"


class PlugQuery(BaseQuery):
    """Base of queries about some plugs."""

    def _plugs(self, company: int, wanted: PlugFilter) -> dict[str, Any]:
        """The parameters of ``PLUGS_HERE``."""
        places = list(wanted.locations) or None
        return {"company": company, "places": places, "charger": wanted.charger, **self._here}
