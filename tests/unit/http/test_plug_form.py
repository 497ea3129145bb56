"""The plugs that somebody types for a charger."""

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import language, speaking
from eosvolt.adapters.http.web.shell.connector_labels import CONNECTOR_TYPES as SPOKEN
from eosvolt.adapters.http.web.shell.plug_form import (
    NONE,
    NUMBERED,
    ONCE,
    POWER,
    TYPE,
    PlugInput,
    charger_problems,
    specs,
)
from eosvolt.adapters.http.web.shell.plug_form import typed_plugs as typed
from eosvolt.adapters.http.web.shell.plug_form import wrong_plugs as wrong
from eosvolt.domain.charge_points.connector_types import CONNECTOR_TYPES
from eosvolt.domain.charge_points.events import ConnectorSpec


def lines(*plugs: tuple[str, str, str]) -> tuple[PlugInput, ...]:
    names = ("number", "type", "kilowatts")
    return typed(FormData([pair for plug in plugs for pair in zip(names, plug, strict=True)]))


def test_a_line_with_neither_number_nor_power_is_no_plug() -> None:
    assert lines(("1", "chademo", "50"), ("", "chademo", " ")) == (PlugInput("1", "chademo", "50"),)


def test_a_line_that_lost_its_number_is_wrong_and_not_dropped() -> None:
    assert wrong(lines(("1", "chademo", "50"), ("", "chademo", "50"))) == {(1, "number"): NUMBERED}


def test_everything_that_is_wrong_is_said_at_once_and_where() -> None:
    plugs = lines(("1", "chademo", "much"), ("01", "chademo", ""), ("x", "plug", "1e3"), ("0", "chademo", ""))
    assert wrong(plugs) == {
        (0, "number"): ONCE,
        (0, "kilowatts"): POWER,
        (1, "number"): ONCE,
        (2, "number"): NUMBERED,
        (2, "type"): TYPE,
        (2, "kilowatts"): POWER,
        (3, "number"): NUMBERED,
    }
    assert wrong(()) == {(0, "number"): NONE}


def test_what_is_wrong_is_said_once_and_in_the_language_of_the_request() -> None:
    plugs = lines(("x", "chademo", ""), ("y", "chademo", ""))
    assert charger_problems({}, plugs, "") == {"plugs": "Plugs are numbered from 1."}
    with speaking(language("de")):
        assert charger_problems({}, (), "short") == {
            "plugs": "Eine Ladestation braucht mindestens einen Ladepunkt.",
            "password": "Ein Passwort hat 8 bis 40 Zeichen.",
        }


def test_plugs_that_are_right_become_what_the_charger_has() -> None:
    plugs = lines(("2", "iec62196T2", "3.7"), ("1", "chademo", ""))
    assert wrong(plugs) == {}
    assert specs(plugs) == (ConnectorSpec(2, "iec62196T2", 3700), ConnectorSpec(1, "chademo", 0))


def test_every_type_that_a_plug_may_have_is_in_the_list() -> None:
    assert set(SPOKEN) == CONNECTOR_TYPES
    assert len(set(SPOKEN.values())) == len(SPOKEN)
