"""Stored events: every event comes back as it went in, and old shapes come back as present ones."""

import types
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eosvolt.adapters.postgres.stored_events import (
    EventMapper,
    UnknownEvent,
    originator_id,
    without_nul,
)
from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.vocabulary import EVENTS
from tests.contracts.accounts_example import EXAMPLES, WHY, Opened
from tests.hypothesis_profiles import share

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_LARGE = 2**63 - 1
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-_LARGE, _LARGE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    Any: _JSON,
    datetime: st.datetimes(timezones=st.just(UTC)),
    int: st.integers(-_LARGE, _LARGE),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    str: st.text(),
}


def any_of(kind: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one for each kind of type
    """Values of a type that an event may hold, nested structs included."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    args = get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        # A struct may hold its own kind.
        return st.deferred(lambda: _built(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of([any_of(arg) for arg in args])
    if get_origin(kind) is tuple and args[1:] == (...,):
        return st.lists(any_of(args[0]), max_size=4).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*(any_of(arg) for arg in args))
    if get_origin(kind) is dict:
        return st.dictionaries(any_of(args[0]), any_of(args[1]), max_size=4)
    return st.from_type(kind)


@cache
def _built(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{field.name: any_of(field.type) for field in msgspec.structs.fields(kind)})


MAPPER = EventMapper(EVENTS)
PROVENANCE = st.builds(Provenance, st.integers(0, 2**31 - 1), st.text(), st.text(), st.text())


def test_every_event_comes_back_as_it_went_in(subtests: pytest.Subtests) -> None:
    for tag, kind in sorted(EVENTS.items()):

        @settings(max_examples=share(50))
        @given(any_of(kind), PROVENANCE, st.text(min_size=1))
        def stored_and_read(event: Event, why: Provenance, stream: str) -> None:
            row = MAPPER.stored(stream, 7, event, AT, why)
            fact = MAPPER.fact(11, row.version, row.topic, row.state)
            assert fact == Fact(11, stream, 7, event, AT, why)
            assert type(fact.event) is type(event)
            assert row.topic == tag  # noqa: B023 - it is called before the next one is

        with subtests.test(event=tag):
            stored_and_read()


@given(st.text(), st.text())
def test_different_streams_have_different_ids(one: str, other: str) -> None:
    assert (originator_id(one) == originator_id(other)) == (one == other)


@given(st.integers(1, 2**31), st.integers(1, 2**31))
def test_sessions_are_neighbours_in_the_order_of_their_numbers(one: int, other: int) -> None:
    first, second = originator_id(f"session:{one}"), originator_id(f"session:{other}")
    assert (first < second) == (one < other)
    assert first.version == 8
    assert originator_id(f"charge-point:{one}") != first


@given(st.dictionaries(st.text(), st.text()))
def test_json_without_nul_is_the_same_but_for_nul(value: dict[str, str]) -> None:
    cleaned = msgspec.json.decode(without_nul(msgspec.json.encode(value)))
    assert cleaned == {
        key.replace("\x00", "\ufffd"): text.replace("\x00", "\ufffd") for key, text in value.items()
    }


def test_old_tags_are_upcast_step_by_step() -> None:
    class Begun(Event, frozen=True, tag="begun"):
        """What is called "opened" today."""

        name: str

    old = EventMapper({"begun": Begun})
    row = old.stored("account:1", 1, Begun(name="Ada"), AT, WHY)
    mapper = EventMapper(
        EXAMPLES,
        {
            "begun": ("began", lambda event: {"title": event["name"]}),
            "began": ("opened", lambda event: {"owner": event["title"]}),
        },
    )
    assert mapper.fact(1, 1, row.topic, row.state).event == Opened(owner="Ada")
    assert mapper.topics(frozenset({"opened"})) == {
        "opened": True,
        "begun": True,
        "began": True,
        "moved": False,
        "closed": False,
    }
    with pytest.raises(UnknownEvent, match='"begun" at position 5'):
        EventMapper(EXAMPLES).fact(5, 1, row.topic, row.state)
    with pytest.raises(ValueError, match="opened"):
        EventMapper(EXAMPLES, {"opened": ("moved", dict)})
