"""A call and its answer point at each other, whatever else has the same message id."""

from datetime import UTC, datetime

from eosvolt.adapters.http.web.chargers.one.messages import download_query, paired
from eosvolt.application.ports import Frame
from eosvolt.application.questions import FrameFilter, LoggedFrame

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def logged(
    number: int, direction: str, message: str, connection: str = "c1", text: str = "[]"
) -> LoggedFrame:
    return LoggedFrame(
        number, Frame(242, "242/CP-1", connection, direction, NOON, text, message, "Heartbeat", "answered")
    )


def test_both_halves_point_at_each_other() -> None:
    answer, call = paired([logged(2, "out", "m1"), logged(1, "in", "m1")])
    assert (answer.other, call.other) == (1, 2)


def test_the_same_id_on_another_connection_or_the_same_way_is_no_answer() -> None:
    found = paired([logged(3, "in", "m1"), logged(2, "out", "m1", "c2"), logged(1, "in", "m2")])
    assert [each.other for each in found] == [None, None, None]


def test_a_frame_is_laid_out_and_what_is_no_json_stays_as_it_came() -> None:
    good, bad = paired([logged(1, "in", "a", text='[2,"a",{"x":"é"}]'), logged(2, "in", "", text="[2,")])
    assert good.pretty == '[\n 2,\n "a",\n {\n  "x": "é"\n }\n]'
    assert bad.pretty == "[2,"


def test_a_download_asks_for_the_same_with_exact_instants() -> None:
    wanted = FrameFilter(action="Reset", since=NOON)
    asked = {"action": "Reset", "since": "2026-11-21T13:00"}
    assert download_query(asked, wanted) == {"action": "Reset", "since": "2026-11-21T12:00:00+00:00"}
