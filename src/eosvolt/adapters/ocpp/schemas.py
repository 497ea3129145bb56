"""The official schemas and their verdicts, at the speed of compiled validators.

The schemas are those of the ``ocpp`` package. A compiled validator gives the verdict; where it is "invalid",
the package's own validator is asked for the error code, so that both always agree. Formats are not asserted,
as there: chargers send instants without a zone, and those are understood elsewhere.
"""

from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import jsonschema_rs
import orjson
from ocpp import messages
from ocpp.exceptions import OCPPError

SENTENCE_LENGTH = 200


class Violation(NamedTuple):
    """Why a payload is refused: an OCPP error code and a short sentence."""

    code: str
    sentence: str


class Schema:
    """One message's schema: as data for whoever repairs, compiled for the verdict."""

    __slots__ = ("document", "valid")

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.valid = jsonschema_rs.Draft4Validator(document, validate_formats=False).is_valid


@cache
def schemas(version: str) -> dict[str, Schema]:
    """All schemas of a protocol version (``1.6``) by message name, answers as ``…Response``."""
    folder = resources.files("ocpp").joinpath("v" + version.replace(".", ""), "schemas")
    return {
        entry.name.removesuffix(".json"): Schema(orjson.loads(entry.read_text("utf-8-sig")))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    }


def violation(version: str, action: str, payload: object) -> Violation | None:
    """The package's error code and reason for the payload of a CALL; ``None`` where it is valid."""
    try:
        # The synchronous half of the package's public coroutine, which would go through a thread.
        messages._validate_payload(messages.Call("", action, payload), version)  # noqa: SLF001 - see above
    except OCPPError as error:
        cause = str((error.details or {}).get("cause") or error.description)
        return Violation(error.code, cause[:SENTENCE_LENGTH])
    return None
