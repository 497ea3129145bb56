"""What is typed into an operation's form becomes exactly what the API would be asked for."""

from typing import Any

import pytest

from eosvolt.adapters.http.web.chargers.command_form import FormInput, inputs, payload
from eosvolt.adapters.http.web.chargers.operation_labels import OPERATIONS
from eosvolt.domain.commands.catalogue import KINDS, UnsupportedCommand

BERLIN = "Europe/Berlin"


def typed(action: str, **fields: Any) -> dict[str, Any]:
    """The payload of a form; ``__`` stands for the dot of a path."""
    form = {
        name.replace("__", "."): [text] if isinstance(text, str) else text for name, text in fields.items()
    }
    return payload(action, form, BERLIN)


def test_every_command_has_a_form_but_the_one_that_the_system_sends_by_itself() -> None:
    assert set(OPERATIONS) == set(KINDS) - {"certificateSigned"}


def test_inputs_fit_the_fields() -> None:
    token, plug = inputs("remoteStart")
    assert (token.kind, token.required, token.longest) == ("text", True, 20)
    assert (plug.kind, plug.required, plug.least) == ("plug", False, 1)
    assert inputs("reset") == (
        FormInput("kind", "choice", required=False, choices=("soft", "hard"), value="soft"),
    )


def test_what_is_left_empty_is_not_asked_for() -> None:
    assert typed("remoteStart", token=" CARD ", plug="") == {"token": "CARD"}


def test_a_setting_can_be_set_to_nothing() -> None:
    assert typed("changeConfiguration", key="LightIntensity", value="") == {
        "key": "LightIntensity",
        "value": "",
    }


def test_keys_are_named_with_commas_between() -> None:
    assert typed("getConfiguration", key="HeartbeatInterval, , MeterValueSampleInterval") == {
        "key": ["HeartbeatInterval", "MeterValueSampleInterval"]
    }


def test_a_time_is_read_on_the_locations_clock() -> None:
    payload = typed(
        "updateFirmware", location="https://maker.example/fw.bin", retrieveDate="2026-07-01T06:00"
    )
    assert payload["retrieveDate"] == "2026-07-01T06:00:00+02:00"


def test_a_profile_is_put_together_from_its_parts() -> None:
    payload = typed(
        "setChargingProfile",
        plug="1",
        chargingProfile__chargingProfileId="7",
        chargingProfile__stackLevel="0",
        chargingProfile__chargingProfilePurpose="TxDefaultProfile",
        chargingProfile__chargingProfileKind="Absolute",
        chargingProfile__chargingSchedule__chargingRateUnit="A",
        startPeriod=["", "3600", ""],
        limit=["16", "10,5", ""],
        numberPhases=["", "3", ""],
    )
    assert payload == {
        "plug": 1,
        "chargingProfile": {
            "chargingProfileId": 7,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Absolute",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [
                    {"startPeriod": 0, "limit": 16.0},
                    {"startPeriod": 3600, "limit": 10.5, "numberPhases": 3},
                ],
            },
        },
    }


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("remoteStart", {"token": ""}),
        ("remoteStart", {"token": "CARD", "plug": "one"}),
        ("unlock", {}),
        ("updateFirmware", {"location": "file:///etc/passwd"}),
        ("updateFirmware", {"location": "https://maker.example/fw.bin", "retrieveDate": "tomorrow"}),
        ("getCompositeSchedule", {"duration": "9" * 30}),
        ("setChargingProfile", {"chargingProfile.stackLevel": "0"}),
        ("makeCoffee", {}),
    ],
)
def test_what_does_not_fit_is_refused(action: str, fields: dict[str, str]) -> None:
    with pytest.raises(UnsupportedCommand):
        payload(action, {name: [text] for name, text in fields.items()}, BERLIN)
