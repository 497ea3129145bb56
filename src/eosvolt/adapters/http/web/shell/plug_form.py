"""What forms of chargers have in common: plugs and password as they were typed, and what is wrong."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.connector_labels import CONNECTOR_TYPES as SPOKEN
from eosvolt.domain.charge_points.connector_types import CONNECTOR_TYPES
from eosvolt.domain.charge_points.events import ConnectorSpec

MOST_PLUGS = 12
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 40
NONE = Text("A charger needs at least one plug.")
NUMBERED = Text("Plugs are numbered from 1.")
ONCE = Text("Each plug number is used once.")
TYPE = Text("Please choose the type of each plug.")
POWER = Text("The power is a number of kW, for example 22 or 3.7.")

_FIELDS = frozenset({"number", "type", "kilowatts"})
_NUMBER = re.compile(r"0*[1-9][0-9]{0,2}")
_KILOWATTS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")


class PlugInput(NamedTuple):
    """A plug as it was typed."""

    number: str
    type: str
    kilowatts: str


def typed_plugs(form: FormData) -> tuple[PlugInput, ...]:
    """The lines of the form; one with neither number nor power is no plug."""
    numbers, types, powers = (
        [str(value).strip() for value in form.getlist(name)] for name in ("number", "type", "kilowatts")
    )
    lines = (PlugInput(*each) for each in zip(numbers, types, powers, strict=False))
    return tuple(line for line in lines if line.number or line.kilowatts)[:MOST_PLUGS]


def wrong_plugs(plugs: Sequence[PlugInput]) -> Mapping[tuple[int, str], str]:
    """What is wrong, by the line (from 0) and its field. No line at all is line 0 without a number."""
    if not plugs:
        return {(0, "number"): NONE}
    wrong: dict[tuple[int, str], str] = {}
    times = Counter(int(line.number) for line in plugs if _NUMBER.fullmatch(line.number))
    for at, line in enumerate(plugs):
        if not _NUMBER.fullmatch(line.number):
            wrong[at, "number"] = NUMBERED
        elif times[int(line.number)] > 1:
            wrong[at, "number"] = ONCE
        if line.type and line.type not in CONNECTOR_TYPES:
            wrong[at, "type"] = TYPE
        if line.kilowatts and not _KILOWATTS.fullmatch(line.kilowatts):
            wrong[at, "kilowatts"] = POWER
    return wrong


def charger_problems(
    invisible_characters: Mapping[str, str], plugs: Sequence[PlugInput], password: str
) -> dict[str, str]:
    """What is wrong with plugs, password (empty for none) and invisible characters of a charger, by field."""
    problems = {
        "plugs" if name in _FIELDS else name: sentence for name, sentence in invisible_characters.items()
    }
    if wrong := wrong_plugs(plugs):
        problems["plugs"] = " ".join(dict.fromkeys(map(str, wrong.values())))
    if password and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        problems["password"] = gettext(
            "A password has {shortest_password} to {longest_password} characters.",
            shortest_password=SHORTEST_PASSWORD,
            longest_password=LONGEST_PASSWORD,
        )
    return problems


def plugs_text(plugs: Sequence[PlugInput]) -> str:
    """The plugs in one line for people, the same for the same plugs."""
    return ", ".join(
        f"{line.number}: {SPOKEN.get(line.type, line.type) or '–'} {line.kilowatts or '–'} kW"
        for line in sorted(plugs, key=lambda each: each.number.zfill(3))
    )


def specs(plugs: Sequence[PlugInput]) -> tuple[ConnectorSpec, ...]:
    """The plugs of lines of which none is wrong; without a power it is 0, which means unknown."""
    return tuple(
        ConnectorSpec(int(line.number), line.type, round(float(line.kilowatts or 0) * 1000)) for line in plugs
    )
