"""The requests of operations on chargers, commands and sessions."""

from collections.abc import Awaitable, Callable

from eosvolt.domain.commands.catalogue import KINDS
from tests.examples import CHARGE_BOX_ID, LOCATION
from tests.unit.operations.charging import (
    SESSION,
    a_charger,
    a_charger_with_a_certificate,
    a_connected_charger,
    a_failed_job,
    a_held_charger,
    a_paid_session,
    a_session,
    a_session_with_held_energy,
    an_unknown_charger,
)
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

CHARGER = f"/chargers/{CHARGE_BOX_ID}"
PLUGS_OF_THE_API = [
    {"number": 1, "type": "iec62196T2", "maxPowerW": 22_000},
    {"number": 2, "type": "iec62196T2", "maxPowerW": 22_000},
]
PLUGS_OF_THE_FORM = {
    "number": ["1", "2"],
    "type": ["iec62196T2", "iec62196T2"],
    "kilowatts": ["22", "22"],
}
CHARGER_OF_THE_FORM = PLUGS_OF_THE_FORM | {
    "location": LOCATION,
    "access": "keep",
    "conformance": "tolerant",
    "securityProfile": "0",
    "version": "1",
}


def change_of_charger(
    api: dict[str, object],
    form: dict[str, object],
    before: Callable[[Site], Awaitable[object]] = a_charger,
) -> Ways:
    edited = (f"{CHARGER}/edit", CHARGER_OF_THE_FORM | form)
    return Ways(("PATCH", CHARGER, api), edited, before)


WAYS_OF_CHARGERS: dict[str, list[Ways]] = {
    "chargers.add": [
        Ways(
            (
                "POST",
                "/chargers",
                {
                    "locationId": LOCATION,
                    "chargeBoxId": CHARGE_BOX_ID,
                    "plugs": PLUGS_OF_THE_API,
                    "password": "an old password",
                    "held": True,
                },
            ),
            (
                "/chargers/new",
                PLUGS_OF_THE_FORM
                | {
                    "location": LOCATION,
                    "chargeBoxId": CHARGE_BOX_ID,
                    "password": "an old password",
                    "held": "yes",
                },
            ),
            an_unknown_charger,
        )
    ],
    # Pages adopt with the form of a new charger, which they open with its name.
    "chargers.adopt": [
        Ways(
            ("POST", f"/unknown-chargers/{CHARGE_BOX_ID}/adopt", {"locationId": LOCATION}),
            None,
            an_unknown_charger,
        )
    ],
    "chargers.change": [
        change_of_charger(
            {"password": "another password"}, {"access": "set", "password": "another password"}
        ),
        change_of_charger({"password": None}, {"access": "none"}),
        change_of_charger({"disabled": True}, {"disabled": "yes"}, a_connected_charger),
        change_of_charger(
            {"conformance": "strict", "assumeProtocol": True, "securityProfile": 1, "held": True},
            {"conformance": "strict", "assumeProtocol": "yes", "securityProfile": "1", "held": "yes"},
            a_connected_charger,
        ),
        Ways(("PATCH", CHARGER, {"held": False}), (f"{CHARGER}/release", {}), a_held_charger),
    ],
    "chargers.remove": [
        Ways(("DELETE", CHARGER, None), (f"{CHARGER}/remove", {"name": CHARGE_BOX_ID}), a_connected_charger)
    ],
    "chargers.revoke_certificates": [
        Ways(
            ("DELETE", f"{CHARGER}/certificates", None),
            (f"{CHARGER}/certificates/revoke", {}),
            a_charger_with_a_certificate,
        )
    ],
    "unknown_chargers.dismiss": [
        Ways(
            ("DELETE", f"/unknown-chargers/{CHARGE_BOX_ID}", None),
            ("/chargers/unknown/dismiss", {"charger": CHARGE_BOX_ID}),
            an_unknown_charger,
        )
    ],
    "commands.request": [
        Ways(
            ("POST", f"{CHARGER}/commands", {"type": "reset", "kind": "hard"}),
            (f"{CHARGER}/do", {"action": "reset", "kind": "hard"}),
            a_connected_charger,
        ),
        Ways(
            ("POST", f"{CHARGER}/commands", {"type": "remoteStop", "sessionId": SESSION}),
            (f"/sessions/{SESSION}/stop", {}),
            a_session,
        ),
    ],
    "commands.request_of_all": [
        Ways(
            (
                "POST",
                "/bulk-commands",
                {"command": {"type": "reset", "kind": "hard"}, "chargers": [CHARGE_BOX_ID]},
            ),
            (
                "/chargers/bulk",
                {
                    "action": "reset",
                    "kind": "hard",
                    "chargers": f'["{CHARGE_BOX_ID}"]',
                    "typed": KINDS["reset"].confirm,
                },
            ),
            a_connected_charger,
        )
    ],
    "sessions.end": [
        Ways(
            ("POST", f"/sessions/{SESSION}/end", {"reason": "Gone"}),
            (f"/sessions/{SESSION}/end", {"reason": "Gone"}),
            a_session,
        )
    ],
    "sessions.bill_held_energy": [
        Ways(
            ("POST", f"/sessions/{SESSION}/held-energy", {"note": "It has 160 kW", "wh": 1_000}),
            (f"/sessions/{SESSION}/held-energy", {"note": "It has 160 kW", "wh": "1000"}),
            a_session_with_held_energy,
        )
    ],
    "sessions.refund": [
        Ways(
            ("POST", f"/sessions/{SESSION}/refunds", {"reason": "A fault", "amount": "1.5"}),
            (f"/sessions/{SESSION}/refund", {"reason": "A fault ", "amount": "1,50"}),
            a_paid_session,
        ),
        Ways(
            ("POST", f"/sessions/{SESSION}/refunds", {"reason": "A fault"}),
            (f"/sessions/{SESSION}/refund", {"reason": "A fault", "amount": ""}),
            a_paid_session,
        ),
    ],
    "failed_jobs.retry": [
        Ways(("POST", "/failed-jobs/7/retry", None), ("/settings/failed-jobs/7/retry", {}), a_failed_job)
    ],
    "failed_jobs.dismiss": [
        Ways(("POST", "/failed-jobs/7/dismiss", None), ("/settings/failed-jobs/7/dismiss", {}), a_failed_job)
    ],
}
