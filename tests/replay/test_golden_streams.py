"""Events are for ever: every stream that was ever released reads as it did, and leads to the same figures."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.application.explained_events import SENTENCE_FIELDS
from eosvolt.application.explanation_sentences import in_words
from eosvolt.domain.commands.events import CommandFailed
from eosvolt.domain.faults.events import FaultOpened, FaultRecurred, FaultSuppressed
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS, tag
from eosvolt.projections import READ_MODELS
from eosvolt.projections.fold import Fold
from eosvolt.projections.read_model import Row
from tests.replay.booking_fee_life import booking_fee_life
from tests.replay.booking_feed_life import booking_feed_life
from tests.replay.booking_life import booking_life
from tests.replay.company_settings_life import company_settings_life
from tests.replay.customer_groups_life import customer_groups_life
from tests.replay.customers_life import customers_life
from tests.replay.exclusion_life import exclusion_life
from tests.replay.history_head_life import history_head_life
from tests.replay.home_life import home_life
from tests.replay.invitations_life import invitations_life
from tests.replay.invoice_life import invoice_life
from tests.replay.payment_life import payment_life
from tests.replay.payout_life import payout_life
from tests.replay.people_life import people_life
from tests.replay.receipt_life import receipt_life
from tests.replay.refund_life import refund_life
from tests.replay.reimbursement_life import reimbursement_life
from tests.replay.whole_life import STREAMS, lines, whole_life
from tests.replay.zone_life import zone_life
from tests.scenario import Scenario

# Streams of one subject each; the newest of all others is that of the whole life.
OF_ONE_SUBJECT: dict[str, Callable[[], Awaitable[Scenario]]] = {
    "0009-leftovers": history_head_life,
    "0016-settings": company_settings_life,
    "0017-exclusions": exclusion_life,
    "0017-invitations": invitations_life,
    "0015-people": people_life,
    "0020-payouts": payout_life,
    "0020-customers": customers_life,
    "0020-refunds": refund_life,
    "0018-homes": home_life,
    "0020-customer-groups": customer_groups_life,
    "0020-receipts": receipt_life,
    "0020-reimbursements": reimbursement_life,
    "0020-invoices": invoice_life,
    "0021-payments": payment_life,
    "0023-bookings": booking_life,
    "0024-booking-feeds": booking_feed_life,
    "0024-booking-fees": booking_fee_life,
    "0022-zones": zone_life,
}
GOLDEN = sorted(STREAMS.glob("*.jsonl"))


def read(stream: Path) -> list[Fact]:
    """The facts of a golden stream, versions counted as the log counts them."""
    mapper = EventMapper(EVENTS)
    versions: dict[str, int] = {}
    facts: list[Fact] = []
    for position, line in enumerate(stream.read_bytes().splitlines(), start=1):
        envelope = json.loads(line)
        version = versions[envelope["stream"]] = versions.get(envelope["stream"], 0) + 1
        facts.append(mapper.fact(position, version, envelope["event"]["event"], line))
    return facts


def rows(facts: list[Fact]) -> dict[str, Any]:
    """All rows of all read models, as plain JSON; none of them may find an event that it cannot read."""
    found: dict[str, Any] = {}
    for model in READ_MODELS:
        fold: Fold[Any] = Fold(model, accepts=_anything)
        for fact in facts:
            if tag(type(fact.event)) in model.reads:
                keys = fold.keys(fact)
                fold.rows.update({key: None for key in keys if key not in fold.rows})
                fold.apply(fact, keys)
        assert fold.dead == {}, model.name
        found[model.name] = {key: row for key, row in sorted(fold.rows.items()) if row is not None}
    plain: dict[str, Any] = json.loads(msgspec.json.encode(found))
    return plain


def _anything(row: Row, key: str) -> None:
    """Every row fits into memory."""


@pytest.mark.parametrize("stream", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_stream_comes_back_as_it_was_written(stream: Path) -> None:
    mapper = EventMapper(EVENTS)
    for fact, line in zip(read(stream), stream.read_text().splitlines(), strict=True):
        again = json.loads(
            mapper.stored(fact.stream, fact.version, fact.event, fact.recorded_at, fact.why).state
        )
        written = json.loads(line)
        assert (again if "explanation" in written["event"] else with_sentence(fact, again)) == written


def with_sentence(fact: Fact, again: dict[str, Any]) -> dict[str, Any]:
    """The stored form with the sentence that earlier releases had where its code is today."""
    field = SENTENCE_FIELDS.get(type(fact.event))
    explanation = getattr(fact.event, "explanation", None)
    if field is not None and explanation is not None:
        del again["event"]["explanation"]
        again["event"][field] = in_words(getattr(fact.event, field), explanation)
    return again


def test_the_last_stream_with_sentences_reads_as_the_first_one_with_codes() -> None:
    before, after = read(STREAMS / "0012-certificates.jsonl"), read(STREAMS / "0013-codes.jsonl")
    assert before == after
    explained = [fact.event for fact in before if getattr(fact.event, "explanation", None) is not None]
    assert {type(event) for event in explained} >= {
        FaultOpened,
        FaultRecurred,
        FaultSuppressed,
        CommandFailed,
    }


@pytest.mark.parametrize("stream", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_stream_leads_to_the_same_figures(stream: Path) -> None:
    expected = json.loads(stream.with_suffix(".figures.json").read_text())
    found = rows(read(stream))
    sessions = {key: _figures(row) for key, row in found["session_history"].items()}
    assert sessions == expected["sessions"]
    assert {key: row["gross"] for key, row in found["summary"].items()} == expected["revenue"]
    assert {key: row["shown"] for key, row in found["connector_status"].items()} == expected["plugs"]


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        "status",
        "energy_wh",
        "charging_gross",
        "charging_vat",
        "blocking_gross",
        "total_gross",
        "flags",
    )
    return {name: row[name] for name in names}


async def test_today_s_events_equal_the_newest_stream() -> None:
    """A difference is a new behaviour: it belongs into a new stream, beside the old ones."""
    newest = [stream for stream in GOLDEN if stream.stem not in OF_ONE_SUBJECT][-1]
    assert lines(await whole_life()) == newest.read_text().splitlines()


@pytest.mark.parametrize("name", OF_ONE_SUBJECT)
async def test_today_s_events_of_one_subject_equal_its_stream(name: str) -> None:
    life = await OF_ONE_SUBJECT[name]()
    assert lines(life) == (STREAMS / f"{name}.jsonl").read_text().splitlines()
