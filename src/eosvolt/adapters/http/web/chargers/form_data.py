"""The form of a charger: from its texts to the domain's values, and back."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import UNSET

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.labels import CONFORMANCE, SECURITY_PROFILES
from eosvolt.adapters.http.web.shell.lost_update import Difference
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.plug_form import (
    PlugInput,
    charger_problems,
    plugs_text,
    typed_plugs,
    wrong_plugs,
)
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.domain.locations.homes import is_home
from eosvolt.projections.charge_points import ChargePointRow

# The fields that another user may have changed, as messages name them.
LABELS = {
    "location": Text("Location"),
    "plugs": Text("Plugs"),
    "conformance": Text("Messages that break their schema"),
    "securityProfile": Text("Security profile"),
    "assumeProtocol": Text("Assume OCPP 1.6 where it names no protocol"),
    "disabled": Text("Disabled"),
    "held": Text("Hold at boot"),
}
VALUES = tuple(name for name in LABELS if name != "plugs")


class ChargerFormData(NamedTuple):
    """What was typed, and what is wrong with it by field; of the plugs also by line (from 0) and field.

    ``values`` are the texts of ``LABELS`` but for the plugs: boxes are ``yes`` or empty.
    """

    charge_box_id: str
    values: Mapping[str, str]
    password: str
    plugs: tuple[PlugInput, ...]
    problems: dict[str, str]
    wrong_plugs: Mapping[tuple[int, str], str] = {}


def in_words(request: PageRequest, difference: Difference) -> Difference:
    """The values of a choice as the form's list names them."""
    match difference.field:
        case "location":
            names: Mapping[str, str] = {row.location: row.name for row in request.locations.rows}
        case "conformance":
            names = CONFORMANCE
        case "securityProfile":
            names = SECURITY_PROFILES
        case _:
            return difference
    before, now = names.get(difference.before, "–"), names.get(difference.now, "–")
    return difference._replace(before=before, now=now)


def shown(terms: ChargerTerms) -> dict[str, str]:
    """Everything of ``LABELS``, with the plugs as one text."""
    return {**values_of(terms), "plugs": plugs_text(lines_of(terms))}


def values_of(said: ChargePointRow | ChargerTerms) -> dict[str, str]:
    """What is known of a charger, as the form shows it."""
    return {
        "location": str(said.location),
        "conformance": str(said.conformance),
        "securityProfile": str(said.security_profile),
        "assumeProtocol": "yes" if said.assume_protocol else "",
        "disabled": "yes" if said.disabled else "",
        "held": "yes" if said.held else "",
    }


def lines_of(said: ChargePointRow | ChargerTerms) -> tuple[PlugInput, ...]:
    """The plugs, as the form shows them."""
    connectors = said.connectors if said.connectors is not UNSET else ()
    return tuple(
        PlugInput(str(each.number), each.type, f"{each.max_power_w / 1000:g}") for each in connectors
    )


def typed(request: PageRequest) -> ChargerFormData:
    """What was sent, with all that is wrong with it but for the charge box id."""
    plugs = typed_plugs(request.form)
    password = str(request.form.get("password", ""))
    problems = charger_problems(request.invisible_characters, plugs, password)
    where = request.form_value("location")
    if where not in request.locations and not is_home(where):
        problems["location"] = gettext("Please choose a location.")
    values = {name: request.form_value(name) for name in VALUES}
    return ChargerFormData(
        request.form_value("chargeBoxId"), values, password, plugs, problems, wrong_plugs(plugs)
    )
