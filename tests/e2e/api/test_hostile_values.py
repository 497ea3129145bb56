"""Whatever stands in an address or a header, the answer says what is wrong with it: never 500."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import httpx2
import pytest

import eosvolt.adapters.http.web
from eosvolt.adapters.http.pages import page_routes
from tests.e2e.running import OWNER_PASSWORD, RunningSystem

COMPANY = 702
FAR = ("0001-01-01", "9999-12-31", "3028-01-01", "-1", "2026-02-30")
INSTANTS = (
    *(f"{day}T00:00:00Z" for day in FAR),
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
)
VALUES = (
    *FAR,
    *INSTANTS,
    "0001-01-01T00:00",
    "9" * 30,
    "9" * 5000,
    "-" + "9" * 18,
    str(2**31),
    str(2**63),
    "٣",
    "²",
    "NaN",
    "1e999",
    "\0",
    "\ud800",
    "a\nb",
    "'\"<>%s%00{}$",
    "x" * 3000,
    "",
)
HEADERS = (
    "Last-Event-ID",
    "If-Match",
    "Idempotency-Key",
    "Accept",
    "Accept-Encoding",
    "Range",
    "If-None-Match",
    "If-Modified-Since",
    "X-Part",
    "Cookie",
    "Content-Type",
    "Authorization",
    "Origin",
    "Sec-Fetch-Site",
    "X-Forwarded-For",
    "User-Agent",
)
BODIES = (
    b"",
    b"{",
    b"\0",
    b'"\xff"',
    b"[" * 100_000,
    b'{"name":' + b"[" * 900 + b'"\\u0000"' + b"]" * 900 + b"}",
    b'{"type":"dataTransfer","vendorId":"x","data":' + b'{"a":' * 500 + b'"\\u0000"' + b"}" * 501,
    b'{"tariff":' + b'{"a":' * 2_000 + b"1" + b"}" * 2_001,
    b'{"expiresAt":"9999-12-31T23:59:59-14:00","uid":"A","status":"accepted"}',
    b'{"name":' + b"[" * 400 + b"]" * 400 + b"}",
    b'{"price":' + b"9" * 5_000 + b"}",
    b'{"a":"\\ud800"}',
)


class Patient(httpx2.Client):
    """Comes again where it comes too often: what is refused for that has not been judged."""

    def send(self, request: httpx2.Request, **how: Any) -> httpx2.Response:
        """The answer of whoever judges the request."""
        while (answer := super().send(request, **how)).status_code == 429:
            answer.close()
            time.sleep(int(answer.headers["Retry-After"]))
        return answer


@pytest.fixture(scope="module")
def program(system: RunningSystem) -> Iterator[httpx2.Client]:
    """A program of a company where something is to be seen."""
    api = system.api(COMPANY)
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), "HOSTILE-1")
    with Patient(base_url=api.client.base_url, headers=api.client.headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def browser(system: RunningSystem, program: httpx2.Client) -> Iterator[httpx2.Client]:
    """Somebody signed in at the program's company."""
    assert program.get("/chargers/HOSTILE-1").status_code == 200
    with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}, timeout=60) as client:
        entry = {"email": f"owner@{COMPANY}.example", "password": OWNER_PASSWORD}
        assert client.post("/sign-in", data=entry).status_code == 303
        yield client


@pytest.fixture(scope="module")
def operations(system: RunningSystem) -> list[tuple[str, str, list[str], bool]]:
    """Method, path, query parameters of each operation, and whether it takes a body."""
    document: dict[str, Any] = httpx2.get(f"{system.base_url}/api/openapi.json").json()
    return [
        (
            method.upper(),
            path,
            [each["name"] for each in operation["parameters"] if each["in"] == "query"],
            "requestBody" in operation,
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _encoded(value: str) -> str:
    return quote(value, safe="", errors="surrogatepass")


def _asked() -> list[str]:
    """The names under which pages look into the query of their address, all but ``asOf``."""
    folder = Path(eosvolt.adapters.http.web.__file__).parent
    text = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    return sorted({*re.findall(r'\bquery(?:_values)?\("(\w+)"', text)} - {"asOf"})


def test_no_query_of_the_api_is_an_error_of_ours(
    program: httpx2.Client, operations: list[tuple[str, str, list[str], bool]]
) -> None:
    failed = []
    for method, path, parameters, _ in operations:
        if method != "GET":
            continue
        place = re.sub(r"{(\w+)}", lambda match: "HOSTILE-1" if match[1] == "charger" else "1", path)
        for name in parameters:
            if path == "/stream":
                continue
            failed += [
                (path, name, value[:40])
                for value in VALUES
                if program.get(f"{place}?{name}={_encoded(value)}").status_code >= 500
            ]
    assert failed == []


def test_no_name_in_a_path_is_an_error_of_ours(
    program: httpx2.Client, browser: httpx2.Client, operations: list[tuple[str, str, list[str], bool]]
) -> None:
    failed = []
    for value in (each for each in VALUES if each):
        for method, path, _, _ in operations:
            if "{" in path:
                place = re.sub(r"{\w+}", _encoded(value), path)
                if program.request(method, place, json={}).status_code >= 500:
                    failed.append((method, path, value[:40]))
        for route in page_routes(cast("Any", None), cast("Any", None)):
            if "{" in route.path and "GET" in (route.methods or ()):
                place = re.sub(r"{\w+(:\w+)?}", _encoded(value), route.path)
                if browser.get(place).status_code >= 500:
                    failed.append(("page", route.path, value[:40]))
    assert failed == []


def test_no_query_of_a_page_is_an_error_of_ours(browser: httpx2.Client) -> None:
    names = _asked()
    assert {"date", "cursor", "search"} <= set(names)
    failed = []
    for route in page_routes(cast("Any", None), cast("Any", None)):
        if "GET" not in (route.methods or ()) or route.path in ("/live", "/sign-in"):
            continue
        place = route.path.replace("{charger}", "HOSTILE-1")
        # What is no instant is refused by what all pages have in common: one page is enough for that.
        instants = VALUES if place == "/sessions" else INSTANTS
        queries = [_query(["asOf"], value) for value in instants]
        queries += [_query(["asOf", *names], value) for value in INSTANTS]
        for value in VALUES:
            # A head has at most 32 KiB.
            several = [names] if len(value) < 100 else [["cursor"], ["date"]]
            queries += [_query(each, value) for each in several]
        failed += [
            (route.path, query[:80])
            for query in queries
            if browser.get(f"{place}?{query}").status_code >= 500
        ]
    assert failed == []


def _query(names: list[str], value: str) -> str:
    return "&".join(f"{name}={_encoded(value)}" for name in names)


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_is_an_error_of_ours(system: RunningSystem, browser: httpx2.Client, name: str) -> None:
    key = f"Bearer {system.create_company(COMPANY, f'Company {COMPANY}')}"
    failed = []
    for value in VALUES:
        header = value.encode("utf-8", "surrogatepass").replace(b"\0", b"%00").replace(b"\n", b" ").strip()
        for path in ("/", "/sessions", "/api/v1/company", "/static/logo.svg", "/api/v1/chargers/HOSTILE-1"):
            headers = {"Authorization": key, name: header} if path.startswith("/api/v1") else {name: header}
            if browser.get(path, headers=cast("Any", headers)).status_code >= 500:
                failed.append((path, value[:40]))
    assert failed == []


@pytest.mark.parametrize(("path", "expected"), [("/live", 400), ("/api/v1/stream", 422)])
def test_no_position_of_a_stream_is_an_error_of_ours(
    browser: httpx2.Client, path: str, expected: int
) -> None:
    for value in VALUES:
        header = value.encode("utf-8", "surrogatepass").replace(b"\0", b"%00").replace(b"\n", b" ").strip()
        with browser.stream("GET", path, headers=cast("Any", {"Last-Event-ID": header})) as answer:
            # Positions are numbers of PostgreSQL's bigint; without any the stream begins now.
            possible = not header or (header.isdigit() and int(header[:20]) < 2**63)
            assert answer.status_code == (200 if possible else 400), value[:40]
        with browser.stream("GET", f"{path}?{urlencode({'after': '9' * 5000})}") as answer:
            assert answer.status_code == expected


def test_no_body_is_an_error_of_ours(
    program: httpx2.Client, operations: list[tuple[str, str, list[str], bool]]
) -> None:
    failed = []
    for method, path, _, takes in operations:
        if not takes:
            continue
        place = re.sub(r"{(\w+)}", lambda match: "HOSTILE-1" if match[1] == "charger" else "1", path)
        for body in BODIES:
            answer = program.request(
                method, place, content=body, headers={"Content-Type": "application/json"}
            )
            if answer.status_code >= 500:
                failed.append((method, path, body[:40]))
    assert failed == []


@pytest.mark.parametrize("kind", ["x" * 71, "x" * 300, "x" * 20_000, "\xff", '"', ""])
def test_no_boundary_of_a_form_is_an_error_of_ours(browser: httpx2.Client, kind: str) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={kind}".encode("latin-1")}
    for path in ("/sign-in", "/tokens", "/chargers/new", "/settings/company"):
        answer = browser.post(path, content=b"--x\r\n\r\n", headers=cast("Any", headers))
        assert answer.status_code < 500, path
