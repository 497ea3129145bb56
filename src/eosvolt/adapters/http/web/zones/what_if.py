"""What more chargers would mean, as far as the address asks."""

from eosvolt.adapters.http.presentation.zones import ZoneState, charger_plugs
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.zone_sentences import amperes
from eosvolt.adapters.http.web.zones.view_models import ZoneWhatIf
from eosvolt.application.zone_what_if import ChargersToAdd, new_plugs, what_if


def what_if_part(request: PageRequest, state: ZoneState) -> ZoneWhatIf:
    """What each plug would get."""
    typed = {
        name: request.query(name) or otherwise
        for name, otherwise in (("add", "3"), ("power", "22"), ("plugs", "1"), ("phases", "3"))
    }
    found: ChargersToAdd | None = None
    if request.query("add"):
        new = new_plugs(
            int(typed["add"]), int(typed["plugs"]), int(typed["power"]) * 1000, int(typed["phases"])
        )
        found = what_if(state.row.settings, state.usable_ma, charger_plugs(state), new)
    return ZoneWhatIf(
        typed=typed, what_if=found, fallback="" if found is None else amperes(found.fallback_ma)
    )
