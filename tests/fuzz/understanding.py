"""Invariants of parsing, handshakes included, without a connection."""

from datetime import UTC, datetime

from eosvolt.adapters.ocpp import frames, handshake, v16
from eosvolt.adapters.ocpp.metering import TOO_LARGE, number
from eosvolt.adapters.ocpp.schemas import Violation, schemas
from eosvolt.adapters.ocpp.timestamps import instant, written
from eosvolt.adapters.ocpp.v16_payloads import PAYLOADS

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SCHEMAS = schemas("1.6")
LONGEST_CARD = 20
SPOKEN = ("ocpp1.6",)
LONGEST_SENTENCE = 255
# Texts of half a megabyte do not come so far.
LONGEST_FRAME = 256 * 1024


class Finding(AssertionError):  # noqa: N818 - what fuzzers call it
    """Something that must not be so."""


def hold(truth: bool, otherwise: str) -> None:
    """Raise ``Finding`` unless it is so."""
    if not truth:
        raise Finding(otherwise[:2_000])


def frame(text: str) -> None:
    """A frame is something, and a CALL means the same in either mode or is refused in proper words."""
    message = frames.parse(text)
    match message:
        case frames.Call():
            _call(message)
        case frames.Malformed(id=id_, reason=reason):
            frames.error(id_, "FormationViolation", reason).encode()
        case frames.Refusal(code=code, description=description):
            hold(len(code) <= 50 and len(description) <= LONGEST_SENTENCE, "an error longer than its place")
        case _:
            pass


def _call(message: frames.Call) -> None:
    action, payload = message.action, message.payload
    strictly = v16.parse(action, payload, NOW, strict=True)
    tolerantly = v16.parse(action, payload, NOW, strict=False)
    if isinstance(strictly, Violation):
        frames.error(message.id, strictly.code, strictly.sentence).encode()
        hold(len(strictly.sentence) <= LONGEST_SENTENCE, "a long sentence")
    else:
        hold(repr(strictly) == repr(tolerantly), f"two meanings of {message.text}")
    if isinstance(strictly, Violation) and not isinstance(tolerantly, Violation):
        better, rules = v16.repair_payload(action, payload)
        hold(better is not None and rules == tolerantly.repairs, f"repaired in two ways: {message.text}")
        if better is not None:
            card = better.get("idTag")
            judged = better if card is None else {**better, "idTag": card[:LONGEST_CARD]}
            hold(SCHEMAS[action].valid(judged), f"repaired into something wrong: {message.text}")
    if action in PAYLOADS:
        hold(not isinstance(tolerantly, Violation) or tolerantly.code != "NotImplemented", action)
    frames.result(message.id, {}).encode()


def request(raw_path: bytes, offered: str, authorization: bytes) -> None:
    """A handshake names somebody printable or nobody; a password is what came, to the byte."""
    for place in handshake.addresses(raw_path):
        hold(place.charge_box_id.isprintable() and bool(place.charge_box_id.strip()), "an unprintable name")
        hold(place.company is None or 0 <= place.company < 10**9, "a company that no column holds")
        place.charge_box_id.encode()
    login = handshake.login(authorization)
    if login is not None:
        hold(b":" not in login.user, "a colon in a user's name")
    offers = offered.split(",")
    chosen = handshake.subprotocol(offers, SPOKEN)
    hold(chosen is None or chosen in offers, "a protocol that nobody offered")


def text(value: str) -> None:
    """A text as an instant is one in UTC that can be written, as a number one that can be stored."""
    at = instant(value, NOW).at
    hold(at.tzinfo is UTC and 2015 <= at.year <= 2027, f"no possible instant: {value!r}")
    hold(instant(written(at), NOW).at == at.replace(microsecond=0), f"written otherwise: {value!r}")
    found = number(value)
    hold(found is None or -TOO_LARGE <= found <= TOO_LARGE, f"no number: {value!r}")
