"""All 39 actions of OCPP 1.6 and its security extension, requests and answers: our verdict is the package's.

Payloads are made from the official schemas: good ones, and such with one or two things wrong, of every kind
that chargers get wrong. The seed is fixed: a disagreement that was found once is found again.
"""

import copy
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from ocpp import messages
from ocpp.exceptions import OCPPError

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.schemas import Violation, schemas
from eosvolt.adapters.ocpp.v16_payloads import PAYLOADS
from tests.fuzz.payloads import SPOILERS, spoiled, valid

SCHEMAS = schemas("1.6")
ACTIONS = sorted(name for name in SCHEMAS if not name.endswith("Response"))
HEARD = sorted(PAYLOADS)
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
GOOD, BAD = 24, 12
# OCPP-J 1.6 §4.2.3, what a payload can be refused with, spelt as there.
CODES_OF_1_6 = {
    "FormationViolation",
    "PropertyConstraintViolation",
    "OccurenceConstraintViolation",
    "TypeConstraintViolation",
}
LONGEST_CARD = 20


def package_verdict(message: messages.Call | messages.CallResult) -> str | None:
    """The code of the package's exception; ``None`` where it accepts the payload."""
    try:
        # What its public coroutine does in a thread.
        messages._validate_payload(message, "1.6")
    except OCPPError as error:
        return str(error.code)
    return None


def cases(name: str) -> list[tuple[str, dict[str, Any]]]:
    """What is wrong, and the payload; always the same ones."""
    rng = Random(name)
    document = SCHEMAS[name].document
    good = [valid(document, rng) for _ in range(GOOD)]
    found = [("nothing", payload) for payload in good]
    for how in SPOILERS:
        once = [spoiled(document, rng.choice(good), how, rng) for _ in range(BAD)]
        found += [(how, payload) for payload in once]
        other = rng.choice(list(SPOILERS))
        found.append((f"{how}, {other}", spoiled(document, once[0], other, rng)))
    return found


@pytest.mark.parametrize("action", ACTIONS)
def test_our_verdict_on_a_request_is_the_package_s(action: str) -> None:
    seen: Counter[str | None] = Counter()
    for how, payload in cases(action):
        expected = package_verdict(messages.Call("1", action, copy.deepcopy(payload)))
        found = SCHEMAS[action].violation(payload, {}, "broken")
        assert (found is None) is (expected is None), (how, payload)
        assert SCHEMAS[action].valid(payload) is (expected is None), (how, payload)
        seen[expected] += 1
    assert seen[None] >= GOOD
    assert sum(seen.values()) > seen[None]


@pytest.mark.parametrize("action", ACTIONS)
def test_our_verdict_on_an_answer_is_the_package_s(action: str) -> None:
    name = f"{action}Response"
    for how, payload in cases(name):
        expected = package_verdict(messages.CallResult("1", copy.deepcopy(payload), action))
        assert SCHEMAS[name].valid(payload) is (expected is None), (how, payload)


@pytest.mark.parametrize("action", HEARD)
def test_strictly_understood_is_what_the_package_accepts(action: str) -> None:
    for how, payload in cases(action):
        expected = package_verdict(messages.Call("1", action, copy.deepcopy(payload)))
        heard = v16.parse(action, payload, NOW, strict=True)
        assert isinstance(heard, Violation) is (expected is not None), (how, payload)
        if isinstance(heard, Violation):
            assert heard.code in CODES_OF_1_6


@pytest.mark.parametrize("action", HEARD)
def test_what_is_right_means_the_same_with_and_without_tolerance(action: str) -> None:
    for how, payload in cases(action):
        strictly = v16.parse(action, copy.deepcopy(payload), NOW, strict=True)
        if not isinstance(strictly, Violation):
            assert v16.parse(action, payload, NOW, strict=False) == strictly, (how, payload)
            assert strictly.repairs == []


@pytest.mark.parametrize("action", HEARD)
def test_what_was_repaired_is_right_and_says_by_which_rules(action: str) -> None:
    helped = 0
    for how, payload in cases(action):
        before = copy.deepcopy(payload)
        tolerantly = v16.parse(action, payload, NOW, strict=False)
        assert payload == before, "the evidence was changed"
        if isinstance(tolerantly, Violation) or SCHEMAS[action].valid(payload):
            continue
        better, rules = v16.repair_payload(action, payload)
        assert better is not None, (how, payload)
        card = better.get("idTag")
        # A card number is never cut: half of one is another card.
        judged = better if card is None else {**better, "idTag": card[:LONGEST_CARD]}
        assert package_verdict(messages.Call("1", action, judged)) is None, (how, payload, better)
        assert tolerantly.repairs == rules
        if card is None or len(card) <= LONGEST_CARD:
            assert rules, (how, payload)
        helped += 1
    assert helped > 0


def test_a_stop_is_taken_whatever_is_wrong_with_it() -> None:
    for how, payload in cases("StopTransaction"):
        heard = v16.parse("StopTransaction", payload, NOW, strict=False)
        assert isinstance(heard, v16.Parsed), (how, payload)
