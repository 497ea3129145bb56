"""Each action of OCPP 1.6 cites the section that defines it, where it is read, written and simulated."""

import inspect
import re
from collections.abc import Callable

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.v16_csms_requests import payload
from eosvolt.adapters.ocpp.v16_payloads import PAYLOADS
from eosvolt.adapters.simulator.ocpp_handlers import OcppHandlers
from eosvolt.domain.commands.catalogue import CATALOGUE, KINDS

WHITEPAPER = "OCPP 1.6 security whitepaper"
# The actions that chargers send (OCPP 1.6 §4, and the messages of the security whitepaper).
FROM_CHARGERS = {
    "Authorize": "OCPP 1.6 §4.1",
    "BootNotification": "OCPP 1.6 §4.2",
    "DataTransfer": "OCPP 1.6 §4.3",
    "DiagnosticsStatusNotification": "OCPP 1.6 §4.4",
    "FirmwareStatusNotification": "OCPP 1.6 §4.5",
    "Heartbeat": "OCPP 1.6 §4.6",
    "MeterValues": "OCPP 1.6 §4.7",
    "StartTransaction": "OCPP 1.6 §4.8",
    "StatusNotification": "OCPP 1.6 §4.9",
    "StopTransaction": "OCPP 1.6 §4.10",
    "LogStatusNotification": f"{WHITEPAPER} §5.13",
    "SecurityEventNotification": f"{WHITEPAPER} §5.15",
    "SignCertificate": f"{WHITEPAPER} §5.17",
    "SignedFirmwareStatusNotification": f"{WHITEPAPER} §5.19",
}
# The actions that we send, with the section that the catalogue of commands names.
TO_CHARGERS = {
    ocpp.action: f"OCPP 1.6 {ocpp.section.removeprefix('OCPP 1.6 ')}"
    for kind in CATALOGUE
    for ocpp in kind.ocpp16
}


def cited(thing: Callable[..., object]) -> set[str]:
    """The sections of OCPP 1.6 and its whitepaper that a docstring cites."""
    written = " ".join((inspect.getdoc(thing) or "").split())
    return set(re.findall(r"OCPP 1\.6(?: security whitepaper)? §\d+(?:\.\d+)*", written))


def test_every_action_is_received_or_sent() -> None:
    assert set(PAYLOADS) == set(FROM_CHARGERS)
    assert FROM_CHARGERS.keys() | TO_CHARGERS.keys() == v16.ACTIONS


def test_the_payload_of_each_action_from_chargers_names_it_and_cites_its_section() -> None:
    missing = {
        action
        for action, shape in PAYLOADS.items()
        if FROM_CHARGERS[action] not in cited(shape) or f"{action}.req" not in (inspect.getdoc(shape) or "")
    }
    assert missing == set()


def test_the_payload_of_each_command_cites_the_section_of_its_actions() -> None:
    written = {request: function for request, function in payload.registry.items() if request is not object}
    missing = {
        (kind, ocpp.action)
        for request, function in written.items()
        for kind in (str(request.__struct_config__.tag),)
        if kind in KINDS
        for ocpp in KINDS[kind].ocpp16
        if TO_CHARGERS[ocpp.action] not in cited(function)
    }
    assert missing == set()


def test_the_simulated_handler_of_each_command_cites_its_section() -> None:
    handlers = {
        handler._on_action: handler
        for _, handler in inspect.getmembers(OcppHandlers, inspect.isfunction)
        if hasattr(handler, "_on_action")
    }
    assert set(handlers) == set(TO_CHARGERS)
    assert {
        action for action, handler in handlers.items() if TO_CHARGERS[action] not in cited(handler)
    } == set()


def test_each_answer_cites_the_section_of_its_message() -> None:
    answers = (
        v16.boot_accepted,
        v16.boot_pending,
        v16.authorization,
        v16.start,
        v16.stop,
        v16.signing,
        v16.clock,
    )
    assert [answer.__name__ for answer in answers if not cited(answer)] == []
