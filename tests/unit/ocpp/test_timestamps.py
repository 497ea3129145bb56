from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.ocpp.timestamps import instant, written

RECEIVED = datetime(2026, 11, 21, 10, 6, 5, tzinfo=UTC)
TEN_SIX = datetime(2026, 11, 21, 10, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T10:06:00Z",
        "2026-11-21T10:06:00z",
        "2026-11-21t10:06:00Z",
        " 2026-11-21T10:06:00Z ",
        "2026-11-21T10:06:00",
        "2026-11-21 10:06:00",
        "2026-11-21T12:06:00+02",
        "2026-11-21T12:06:00+0200",
        "2026-11-21T12:06:00+02:00",
        "2026-11-21T04:36:00-05:30",
        "2026-11-21T10:06:00.000Z",
        "2026-11-21T10:06:00,0Z",
        "2026-11-21T10:06:00.000000000Z",
        "2026-11-21T10:06Z",
        "20261121T100600Z",
    ],
)
def test_an_instant_is_read_however_it_is_written(text: str) -> None:
    assert instant(text, RECEIVED) == (TEN_SIX, True)
    assert instant(text, RECEIVED).at.tzinfo is UTC


@pytest.mark.parametrize(
    ("fraction", "microseconds"), [(".5", 500_000), (",25", 250_000), (".123456789", 123_456)]
)
def test_fractions_of_a_second_may_have_any_length(fraction: str, microseconds: int) -> None:
    expected = TEN_SIX + timedelta(microseconds=microseconds)
    assert instant(f"2026-11-21T10:06:00{fraction}Z", RECEIVED).at == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "yesterday",
        "1970-01-01T00:00:42Z",
        "2014-12-31T23:59:59Z",
        "2026-11-22T10:06:06Z",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
        "2026-13-01T00:00:00Z",
        "2026-11-21T10:06:00+99:00",
        "1763719560",
    ],
)
def test_what_cannot_be_true_becomes_the_time_of_receipt_and_is_marked_as_such(text: str | None) -> None:
    assert instant(text, RECEIVED) == (RECEIVED, False)


def test_a_day_ahead_is_still_accepted() -> None:
    assert instant("2026-11-22T10:06:05Z", RECEIVED).given


def test_we_write_whole_seconds_in_utc_with_a_z() -> None:
    zone = datetime.fromisoformat("2026-11-21T12:06:00.999+02:00")
    assert written(zone) == "2026-11-21T10:06:00Z"
