"""What the address of a page asks for: what it cannot mean is refused by name, and never ignored."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from urllib.parse import urlencode

import httpx2
import pytest

from eosvolt.adapters.http.web.shell import labels
from tests.e2e.api.charger import charge_once
from tests.e2e.running import OWNER_PASSWORD, RunningSystem

BOX, TOKEN = "ADDRESS-1", "ADDRESS1"
DAYS = ("bad", "2026-13-01", "2026-02-30", "21.11.2026", "0")
LIVED = (*DAYS, "0001-01-01", "9999-12-31", "1969-12-31")
TIMES = ("bad", "2026-11-21T25:00", "yesterday", "1")
NUMBERS = ("bad", "-1", "1.5", "²", "٣", "9" * 5_000)
WORDS = ("bad", "ERROR", "open,solved", "1")
# A page, a parameter, values that it cannot have.
WRONG: Mapping[str, Mapping[str, Iterable[str]]] = {
    "/sessions": {
        "from": LIVED,
        "to": LIVED,
        "status": WORDS,
        "type": WORDS,
        "plug": (*NUMBERS, "1001"),
        "sort": (*WORDS, "--total"),
        "column": WORDS,
        "asOf": TIMES,
    },
    "/sessions/export": {"from": LIVED, "to": LIVED, "status": WORDS, "format": WORDS, "sort": WORDS},
    "/diagnostics": {"state": WORDS, "kind": WORDS, "severity": WORDS, "sort": WORDS, "asOf": TIMES},
    "/diagnostics/export.csv": {"state": WORDS, "kind": WORDS, "severity": WORDS, "sort": WORDS},
    "/diagnostics/export.xlsx": {"state": WORDS},
    "/tokens/export.xlsx": {"status": WORDS},
    "/chargers": {
        "connection": WORDS,
        "state": WORDS,
        "faults": WORDS,
        "sort": WORDS,
        "page": (*NUMBERS, "0"),
    },
    "/chargers/bulk/new": {"of": WORDS, "connection": WORDS, "do": WORDS},
    "/": {"period": WORDS, "date": DAYS, "metric": WORDS, "currency": ("eur", "EURO", "1"), "plug": WORDS},
    f"/chargers/{BOX}": {"days": NUMBERS},
    f"/chargers/{BOX}/messages": {"direction": WORDS, "outcome": WORDS, "since": TIMES, "until": TIMES},
    f"/chargers/{BOX}/configuration": {"only": WORDS},
    f"/chargers/{BOX}/operations": {"do": WORDS},
    f"/chargers/{BOX}/history": {"before": NUMBERS},
    f"/chargers/{BOX}/connections": {"before": NUMBERS},
    "/sessions/SESSION/log": {"from": NUMBERS},
    "/locations": {"asOf": TIMES},
    "/tokens": {"asOf": TIMES},
    "/settings": {"asOf": TIMES},
    "/users": {"asOf": TIMES},
}
RIGHT: Mapping[str, Mapping[str, Iterable[str]]] = {
    "/sessions": {
        "from": ("2026-11-21", "", " "),
        "to": ("2026-11-21",),
        "status": labels.SESSION_STATES,
        "type": labels.SESSION_TYPES,
        "plug": ("0", "1", "1000"),
        "sort": ("total", "-total", "startedAt", "-number"),
        "column": labels.SESSION_COLUMNS,
        "paymentMethod": labels.PAYMENT_METHODS,
        "search": ("bad", "…"),
        "location": ("none",),
        "asOf": ("2026-11-21T10:00", "2026-11-21T10:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01"),
        "utm_source": ("letter",),
    },
    "/diagnostics": {
        "state": (*labels.FAULT_STATES, *labels.FAULT_QUEUES, "unsolved"),
        "level": labels.FAULT_LEVELS,
        "kind": labels.FAULT_KINDS,
        "severity": labels.FAULT_SEVERITIES,
        "sort": ("since", "-occurrences", "attention", "-level"),
    },
    "/chargers": {
        "connection": ("online", "offline", "never", "insecure"),
        "state": labels.PLUG_STATES,
        "faults": ("open",),
        "sort": ("model", "-chargeBoxId"),
        "page": ("1", "2"),
    },
    "/": {"period": ("day", "month", "year"), "date": ("2026-11-21",), "currency": ("EUR", "SEK")},
    f"/chargers/{BOX}": {"days": ("30", "90")},
    "/sessions/SESSION/log": {"from": ("0", "100")},
}


@pytest.fixture(scope="module")
def session(system: RunningSystem) -> str:
    """The number of a session at a charger of this company."""
    api = system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), BOX)
    api.token(TOKEN)
    charge_once(system, BOX, TOKEN)
    return str(api.get("/sessions", charger=BOX)["items"][0]["id"])


@pytest.fixture(scope="module")
def somebody(system: RunningSystem) -> Iterator[httpx2.Client]:
    """Somebody signed in."""
    system.api()
    with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}, timeout=60) as client:
        entry = {"email": system.owner(), "password": OWNER_PASSWORD}
        assert client.post("/sign-in", data=entry).status_code == 303
        yield client


@pytest.mark.parametrize("path", WRONG)
def test_what_an_address_cannot_mean_is_refused_by_name(
    somebody: httpx2.Client, session: str, path: str
) -> None:
    place = path.replace("SESSION", session)
    for name, values in WRONG[path].items():
        for value in values:
            answer = somebody.get(place, params={name: value})
            assert answer.status_code == 422, (name, value[:40])
            assert f"<code>{name}</code>" in answer.text, (name, value[:40])


@pytest.mark.parametrize("path", RIGHT)
def test_what_an_address_can_mean_is_answered(somebody: httpx2.Client, session: str, path: str) -> None:
    place = path.replace("SESSION", session)
    for name, values in RIGHT[path].items():
        for value in values:
            assert somebody.get(place, params={name: value}).status_code == 200, (name, value)


def test_all_that_is_wrong_with_an_address_is_reported_at_once(somebody: httpx2.Client) -> None:
    query = [("from", "bad"), ("status", "charging"), ("status", "bad"), ("plug", "bad"), ("token", "bad")]
    answer = somebody.get(f"/sessions?{urlencode(query)}")
    assert answer.status_code == 422
    named = [name for name, _ in query if f"<code>{name}</code>" in answer.text]
    assert named == ["from", "status", "status", "plug"]
    assert "This is a date like 2026-11-21." in answer.text


def test_a_part_of_a_page_is_refused_like_the_page(somebody: httpx2.Client) -> None:
    for path, part in product(("/sessions?from=bad", "/sessions?asOf=bad"), ("list", "totals")):
        assert somebody.get(path, headers={"X-Part": part}).status_code == 422


def test_whoever_is_not_signed_in_is_asked_to_sign_in_first(system: RunningSystem) -> None:
    answer = httpx2.get(f"{system.base_url}/sessions?from=bad")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
