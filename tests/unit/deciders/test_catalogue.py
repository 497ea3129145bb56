"""Every command is one row of the catalogue, and the adapters have what they need for each of them."""

import re

import msgspec
import pytest

from eosvolt.adapters.http.web.chargers.command_form import inputs
from eosvolt.adapters.http.web.chargers.operation_labels import LABELS, OPERATIONS
from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.adapters.ocpp.v16_csms_requests import payload
from eosvolt.adapters.ocpp.v16_payloads import PAYLOADS
from eosvolt.adapters.postgres.queries import session_log
from eosvolt.domain.commands import csms_requests
from eosvolt.domain.commands.catalogue import CATALOGUE, KINDS, AnyCsmsRequest
from eosvolt.domain.commands.command_kind import CommandKind, Completion
from eosvolt.domain.commands.csms_requests import CsmsRequest
from eosvolt.domain.commands.sending import kept, repeatable, slot, urgency, while_held
from tests.unit.deciders.test_command_life import asked

SCHEMAS = schemas("1.6")
SECTION = re.compile(r"(OCPP 1\.6|security whitepaper) §5\.\d{1,2}")
each_kind = pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.action)


def test_every_request_has_one_row_under_its_own_name() -> None:
    defined = [
        each
        for each in vars(csms_requests).values()
        if isinstance(each, type) and issubclass(each, CsmsRequest) and each is not CsmsRequest
    ]
    assert {kind.request for kind in CATALOGUE} == set(defined)
    assert len(KINDS) == len(CATALOGUE) == len({kind.label for kind in CATALOGUE})


def test_every_request_is_known_again_by_its_type() -> None:
    for kind in CATALOGUE:
        schema = msgspec.json.schema(kind.request)
        assert schema["$defs"][kind.request.__name__]["properties"]["type"]["enum"] == [kind.action]
    _, components = msgspec.json.schema_components([AnyCsmsRequest], ref_template="{name}")
    assert {kind.request.__name__ for kind in CATALOGUE} <= set(components)


@each_kind
def test_every_action_exists_in_ocpp_and_cites_its_section(kind: CommandKind) -> None:
    for ocpp in kind.ocpp16:
        assert ocpp.action in SCHEMAS
        assert SECTION.fullmatch(ocpp.section)


def test_every_action_of_the_system_in_ocpp_carries_a_command() -> None:
    ours = {name for name in SCHEMAS if not name.endswith("Response")} - (PAYLOADS.keys() - {"DataTransfer"})
    assert {ocpp.action for kind in CATALOGUE for ocpp in kind.ocpp16} == ours


@each_kind
def test_every_command_has_a_payload_in_ocpp_whose_docstring_cites_the_section(kind: CommandKind) -> None:
    build = payload.dispatch(kind.request)
    assert build is not payload.dispatch(CsmsRequest), "no function of its own"
    for ocpp in kind.ocpp16:
        assert re.search(re.escape(ocpp.section) + r"\b", build.__doc__ or "", re.IGNORECASE)


def test_a_session_s_log_names_only_actions_that_exist() -> None:
    named = session_log.OF_EVERYBODY | session_log.OF_A_PLUG | session_log.OF_A_DRIVER
    known = {ocpp.action for kind in CATALOGUE for ocpp in kind.ocpp16} | PAYLOADS.keys()
    assert named | session_log.OF_A_TRANSACTION <= known


def test_commands_that_share_an_action_of_ocpp_are_judged_and_masked_alike() -> None:
    rules: dict[str, set[object]] = {}
    for kind in CATALOGUE:
        for ocpp in kind.ocpp16:
            rule = (kind.answer.status, kind.answer.also_yes, tuple(kind.answer.fields.items()), kind.secrets)
            rules.setdefault(ocpp.action, set()).add(rule)
    assert [action for action, found in rules.items() if len(found) > 1] == []


@each_kind
def test_an_answer_is_judged_by_what_its_schema_has(kind: CommandKind) -> None:
    for ocpp in kind.ocpp16:
        document = SCHEMAS[f"{ocpp.action}Response"].document
        required = set(document.get("required", ()))
        assert kind.answer.status == ("status" in required)
        assert set(kind.answer.fields) == required - {"status"}


def test_what_pages_show_is_exactly_what_people_may_ask_for_there() -> None:
    assert set(OPERATIONS) == {kind.action for kind in CATALOGUE if kind.on_pages}


@each_kind
def test_fields_that_the_system_fills_in_exist_and_nobody_has_to_type_them(kind: CommandKind) -> None:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind.request)}
    assert kind.filled_in <= set(fields)
    assert not any(fields[name].required for name in kind.filled_in)
    assert not kind.filled_in & {field.name for field in inputs(kind.action)}


def test_every_input_has_a_label_but_those_of_a_list_that_the_system_made() -> None:
    shown = {field.name.rpartition(".")[2] for action in OPERATIONS for field in inputs(action)}
    assert shown - set(LABELS) == {"remaining", "leftOut"}
    assert set(LABELS) <= shown | {"transactionId"}


def test_what_is_confirmed_for_many_can_be_asked_of_many_and_interrupts_them() -> None:
    assert all(kind.bulk and kind.interrupts for kind in CATALOGUE if kind.confirm)


def test_every_completion_is_used() -> None:
    assert {kind.completion for kind in CATALOGUE} == set(Completion)


def test_a_command_of_an_older_release_goes_as_a_setting_does_and_is_never_repeated() -> None:
    old = asked("calibrateMeter", plug=1)
    assert urgency(old.action) == urgency("reset")
    assert not repeatable(old.action, old.payload)
    assert slot(old) is None
    assert while_held(old.action)
    assert kept(old.action, {"status": "Accepted"}) == {"status": "Accepted"}
