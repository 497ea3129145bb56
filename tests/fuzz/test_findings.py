"""What fuzzing found, each under the sentence of what was wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.schemas import Violation
from eosvolt.domain.charge_points.reports import MeterReport, StartReport, StopReport

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
START = {"connectorId": 1, "idTag": "TAG", "meterStart": 0, "timestamp": "2026-11-21T10:00:00Z"}
STOP = {"transactionId": 170_001, "meterStop": 5, "timestamp": "2026-11-21T10:00:00Z"}
VALUES = [{"timestamp": "2026-11-21T10:00:00Z", "sampledValue": [{"value": "7"}]}]


def meaning(action: str, payload: dict[str, Any]) -> Any:
    heard = v16.parse(action, payload, NOW, strict=False)
    assert not isinstance(heard, Violation), heard
    return heard.message


@pytest.mark.parametrize("field", ["connectorId", "meterStart"])
@pytest.mark.parametrize("number", [2**64 - 1, 2**63, 10**15, -(2**63)])
def test_a_start_with_a_number_that_no_table_can_hold_starts_without_that_number(
    field: str, number: int
) -> None:
    strictly = v16.parse("StartTransaction", START | {field: number}, NOW, strict=True)
    assert isinstance(strictly, Violation)
    assert strictly.code == "TypeConstraintViolation"
    start = meaning("StartTransaction", START | {field: number})
    assert isinstance(start, StartReport)
    assert (start.connector, start.metered) == ((0, True) if field == "connectorId" else (1, False))
    assert start.meter_start_wh == 0


def test_an_impossible_reservation_or_transaction_does_not_take_the_rest_with_it() -> None:
    start = meaning("StartTransaction", START | {"reservationId": 2**64 - 1})
    assert isinstance(start, StartReport)
    assert start.reservation is None
    metered = meaning("MeterValues", {"connectorId": 1, "transactionId": 2**63, "meterValue": VALUES})
    assert isinstance(metered, MeterReport)
    assert (metered.transaction, len(metered.readings)) == (None, 1)


def test_an_overlong_card_number_is_unknown_and_still_ends_a_session() -> None:
    endless = "[" * 1_100
    stop = meaning("StopTransaction", STOP | {"idTag": endless})
    assert isinstance(stop, StopReport)
    assert (stop.token, stop.meter_stop_wh) == ("", 5)
    start = meaning("StartTransaction", START | {"idTag": endless})
    assert isinstance(start, StartReport)
    assert start.token == ""
    assert isinstance(v16.parse("Authorize", {"idTag": endless}, NOW, strict=False), Violation)


@pytest.mark.parametrize("status", [{"status": "Accepted"}, ["Accepted"], None, 1])
def test_an_answer_whose_status_is_no_word_is_not_a_yes(status: Any) -> None:
    assert not v16.agreed("Reset", {"status": status})
