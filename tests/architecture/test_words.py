"""Words that only this project would understand stay out of it.

A person who knows OCPP, event sourcing or the web finds everything under the word that they already have.
Each row of ``COINED`` names words that gave way and the word to use instead.

To add words, append a row to the section of their area. ``words`` is a regular expression, matched without
regard to case. An underscore, a hyphen and a change from lower to upper case end a word, so ``knock`` finds
``_knock`` and ``lastKnock``, but not ``knockout``. Where a word has an ordinary meaning too, narrow the row:
``within`` are the only places where it is kept out, ``but`` are phrases in which it may stand (an event's
tag, a field of the API), and ``places`` are files and folders that may have it.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.source_tree import text, tracked


class Coined(NamedTuple):
    """Words that gave way: what replaced them, and where they may stand."""

    words: str
    instead: str
    within: tuple[str, ...] = ("",)
    but: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


HTTP = ("src/eosvolt/adapters/http/",)
PLAIN = (
    "src/eosvolt/adapters/http/api/",
    "src/eosvolt/adapters/http/framework/",
    "src/eosvolt/application/commands/",
    "src/eosvolt/runtime/",
)
# Decisions that tell of the words of their time.
DECISION_TITLES = ("docs/decisions/0072", "docs/decisions/0094")

COINED = (
    # OCPP adapter
    Coined("unspeakable", "UnsupportedCommand"),
    Coined("first.?aid", "schema repair"),
    Coined("pardon(s|ed)?", "fallback_response"),
    Coined("noise", "invalid_frame", within=("src/", "tests/"), but=("noise of the register",)),
    Coined("oddity|oddly", "protocol_violation", but=("OddityView",)),
    Coined(
        "oddities",
        "protocol violations",
        # An event's tag, an address and a field of the API, a column and an anchor.
        but=(
            "oddities-counted",
            "oddities-title",
            "OdditiesView",
            "oddities(call",
            "/oddities",
            '"oddities"',
            "security-events oddities",
            "security_events, oddities",
            ".oddities",
            "oddities=",
            "oddities:",
        ),
    ),
    Coined("strangers?", "unknown charger, anonymous connection, other company", places=DECISION_TITLES),
    Coined("knock(s|ed|ing)?", "connection attempt", places=DECISION_TITLES[:1]),
    Coined("doors?", "handshake_auth, authentication", but=("Door 2",)),
    Coined("entrance", "charger_authentication, sign_in"),
    Coined("peer(_of)?", "client_certificate", within=("src/", "tests/", "docs/")),
    Coined("visitors?", "AuthenticatedCharger", within=("src/",)),
    Coined("desks?|reception", "use case handlers, action_router"),
    Coined("conduct", "connection_monitor"),
    Coined("manners", "OcppSettings"),
    Coined("presence", "connection_registry"),
    Coined("clock.?watch", "clock_offset_estimator"),
    Coined("tally|tallies", "counters"),
    Coined("secrecy", "redaction", but=("orward secrecy", "forward_secrecy")),
    Coined("expel(led)?|call_in", "disconnect, trigger_boot"),
    Coined(
        "hear(s|d)?|tell(s|ing)?|told|meanings?|pace|tellings?|trust(ing)?|hold|stranger|account",
        "receive, parse, send, report, InboundMessage, rate_limiter, lenient, pending registration",
        within=("src/eosvolt/adapters/ocpp/",),
    ),
    Coined("Release", "AcceptRegistration", within=("src/eosvolt/domain/charge_points/",)),
    Coined(
        "(change_?)?handling(_?changed)?",
        "connection_policy",
        within=("src/eosvolt/domain/", "src/eosvolt/projections/"),
        but=("handling-changed",),
    ),
    # Simulator
    Coined("agenda|errands?|happenings?|caretakers?", "timers, background_jobs, events, demo_operator"),
    Coined(
        "first_day|this_machine|bay|voices?|wire|troubles?|chance|memory|trust|luck",
        "demo_bootstrap, localhost_guard, parking_bay_session, ocpp_handlers, rng, state, …",
        within=("src/eosvolt/adapters/simulator/",),
        but=("parking_bay_session", "ParkingBaySession", "trust_env"),
    ),
    # Domain
    Coined("own_clock", "session_timebase"),
    Coined(
        # The API and a read model keep clockAheadS.
        "(?<!clock_)ahead_s",
        "clock_offset_s",
        but=('name="ahead_s"',),
        places=("src/eosvolt/projections/deadlines.py", "tests/e2e/test_failed_jobs.py"),
    ),
    Coined("note_clock|clock_shifted", "RecordClockOffset, ClockOffsetChanged"),
    Coined("came_true", "effect_confirmed"),
    Coined(
        "(un)?fulfil(s|led)?", "effect confirmed, no effect", but=("command-fulfilled", "command-unfulfilled")
    ),
    Coined(
        "awaited|lapsed",
        "pending, expired",
        within=("src/eosvolt/domain/", "src/eosvolt/application/"),
        but=("remote-start-awaited", "remote-start-lapsed"),
    ),
    Coined("energy_doubt(ed)?", "meter_unit_check"),
    Coined("news", "a status or an observation; status_ordering", within=("src/eosvolt/domain/",)),
    Coined("class (note|known)(?!_)", "RecordDeviceEvent, Registered"),
    Coined("excuse[sd]?", "suppress", but=("fault-excused",)),
    Coined("quiet_at", "auto_recover_at", but=('name="quiet_at"',)),
    # Application
    Coined(
        "application[./](commanding|preparing|delivering|outcomes|matching|opening|site|watch)",
        "commands, transaction_matching, start_transaction, charge_point_context, deadline_actions",
        places=("docs/decisions/0150-",),
    ),
    Coined("application[./](notices|notifying)", "notification_messages, notification_service"),
    Coined("courier", "command_dispatcher"),
    Coined("forced_end", "force_stop"),
    Coined("class order(?!_)", "CommandEnvelope, or what is ordered"),
    Coined("duties", "background_queries"),
    Coined(
        "pulse",
        "gateway_heartbeat",
        within=("src/eosvolt/adapters/postgres/", "src/eosvolt/composition/", "src/eosvolt/runtime/"),
    ),
    # PostgreSQL and projections
    Coined("postgres[./]seals", "hash_chain"),
    Coined("postgres[./]isolation", "poison_event_isolation"),
    Coined("look_backs?|look backs?", "as of", within=("src/eosvolt/adapters/postgres/", "docs/")),
    Coined("queries[./](asking|places)", "base_query, locations"),
    Coined(
        "asking|promises", "base_query, device_resources", within=("src/eosvolt/adapters/postgres/queries/",)
    ),
    Coined("promises_?row|projections[./]charger_promises", "device_resources"),
    # HTTP
    Coined("visits?|visitors?", "PageRequest", within=HTTP),
    Coined("wish(es)?", "form data; input of the API", within=HTTP),
    Coined("http[./](edits|shapes|looking_back)", "optimistic_update, api_types, as_of"),
    Coined("telling_form", "command_form", places=("docs/decisions/0150-",)),
    Coined("(fault|operation|plug|upkeep)_words", "labels", places=("docs/decisions/0150-",)),
    Coined("looked_back|shown_once", "clamped_as_of, one_time_secrets", within=HTTP),
    Coined(
        "anew|heard|somebody|told|tells?",
        "again, received, a user, reported",
        within=PLAIN,
        # Fields of the API.
        but=("toldAt", "told_at"),
    ),
    Coined(
        "doors?|entrance|knock(s|ed|ing)?|strangers?",
        "sign_in, whoever is not signed in, unknown charger",
        within=HTTP,
    ),
)

# What is past is not written anew, and this file names the words.
PAST = (
    "CHANGELOG.md",
    "tests/replay/streams/",
    "tests/e2e/histories/",
    "src/eosvolt/adapters/postgres/migrations/",
    "tests/architecture/test_words.py",
)


@cache
def pattern(row: Coined) -> re.Pattern[str]:
    """What finds the words of a row, in prose, in identifiers and in the names of files."""
    return re.compile(rf"(?<![a-z0-9])(?:{row.words})(?![a-z0-9])", re.IGNORECASE)


@cache
def separated(written: str) -> str:
    """The same with an underscore where lower case changes to upper case: ``last_Knock``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", written)


def plain(row: Coined, written: str) -> str:
    """What is written, without the phrases in which the words of the row may stand."""
    for phrase in row.but:
        written = written.replace(phrase, "")
    return written


def found(row: Coined, path: Path, written: str) -> Iterator[str]:
    """The lines of a file in which a word of the row stands, and its name where it stands there."""
    name = str(path)
    if not name.startswith(row.within) or name.startswith((*PAST, *row.places)):
        return
    words = pattern(row)
    if words.search(plain(row, name)):
        yield f"{name}: its name"
    if not words.search(written) and not words.search(separated(written)):
        return
    for number, line in enumerate(written.splitlines(), 1):
        kept = plain(row, line)
        if words.search(kept) or words.search(separated(kept)):
            yield f"{name}:{number}: {line.strip()[:100]}"


def test_no_coined_word_is_used() -> None:
    lines = []
    for within in {row.within for row in COINED}:
        rows = [row for row in COINED if row.within == within]
        # One search for all of them passes by most files.
        any_of_them = pattern(Coined("|".join(row.words for row in rows), ""))
        for path in tracked():
            if str(path).startswith(within) and any_of_them.search(f"{path} {separated(text(path))}"):
                for row in rows:
                    lines += [f"{line}  (use {row.instead})" for line in found(row, path, text(path))]
    assert lines == []


@pytest.mark.parametrize(
    "written",
    ["a knock at nine", "self._knock()", "lastKnock = 1", "KNOCK_S = 2", "class Knock:", "knock-list"],
)
def test_a_word_is_found_however_it_is_written(written: str) -> None:
    row = Coined("knock", "connection attempt")
    assert list(found(row, Path("README.md"), written)) == [f"README.md:1: {written}"]


def test_a_word_is_found_in_the_name_of_a_file() -> None:
    row = Coined("clock_watch", "clock_offset_estimator")
    path = Path("src/clock_watch.py")
    assert list(found(row, path, "")) == ["src/clock_watch.py: its name"]


def test_a_longer_word_an_allowed_phrase_and_an_allowed_place_are_not_found() -> None:
    row = Coined(
        "knock", "connection attempt", within=("src/",), but=('tag="first-knock"',), places=("src/old/",)
    )
    assert list(found(row, Path("src/a.py"), 'a knockout, tag="first-knock"')) == []
    assert list(found(row, Path("src/old/a.py"), "knock")) == []
    assert list(found(row, Path("README.md"), "knock")) == []


def test_every_permission_is_still_needed() -> None:
    files = [(path, text(path)) for path in tracked() if not str(path).startswith(PAST)]
    idle = []
    for row in COINED:
        bare = row._replace(places=(), within=("",))
        idle += [
            f"{row.words}: {place}"
            for place in row.places
            if not any(
                line
                for path, written in files
                if str(path).startswith(place)
                for line in found(bare, path, written)
            )
        ]
        idle += [
            f"{row.words}: {phrase}"
            for phrase in row.but
            if not any(phrase in written or phrase in str(path) for path, written in files)
        ]
    assert idle == []
