"""The API keeps what its document promises, and shows nothing of one company to another."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import jsonschema_rs
import pytest

from tests.e2e.one_of_each import driver_token, for_everybody, of_driver, of_staff, one_of_each, staff_key
from tests.e2e.request_examples import BODIES, NOT_THERE_YET, QUERIES
from tests.e2e.running import RunningSystem
from tests.hypothesis_profiles import running
from tests.unit.operations.photo import PHOTO

COMPANY, OTHER_COMPANY = 242, 611
# Every value at every border of the document takes longer than all the rest: not before each commit.
PHASES = "examples,fuzzing" if running() == "dev" else "examples,coverage,fuzzing"
TARIFF = {"strategy": "perKwh", "price": "0.50"}
# The stream has no end. What staff and drivers may ask for is refused to a company's key, and the reverse; a
# driver who is erased or signed out is one no more.
FUZZED = {
    "company": ("--exclude-path-regex", "^/(platform|stream|driver)"),
    "staff": ("--include-path-regex", "^/platform"),
    "driver": ("--include-path-regex", "^/driver/(locations|plugs|sessions|home-chargers|statements)"),
}


@pytest.fixture
def document(system: RunningSystem) -> dict[str, Any]:
    found: dict[str, Any] = httpx2.get(f"{system.base_url}/api/openapi.json").json()
    return found


# All that a company may ask for takes minutes on a busy machine.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ["company", "staff", "driver"])
def test_generated_requests_find_no_answer_that_the_document_does_not_promise(
    system: RunningSystem, who: str
) -> None:
    if who == "company":
        key = system.create_company(612, "Fuzzed")
    else:
        key = staff_key(system) if who == "staff" else driver_token(system)
    fuzzed = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            "--config-file",
            str(Path(__file__).with_name("schemathesis.toml")),
            "run",
            f"{system.base_url}/api/openapi.json",
            "--header",
            f"Authorization: Bearer {key}",
            *FUZZED[who],
            "--phases",
            PHASES,
            "--max-examples",
            "8",
            # The API answers 429 to whoever asks more than 200 times a second for long.
            "--rate-limit",
            "150/s",
            "--seed",
            "242",
            "--warnings",
            "off",
            "--generation-database",
            "none",
        ],
        capture_output=True,
        text=True,
        timeout=850,
        check=False,
    )
    assert fuzzed.returncode == 0, fuzzed.stdout[-8000:]


def test_every_operation_is_described_for_people_too(system: RunningSystem, document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    page = httpx2.get(f"{system.base_url}/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["operationId"]
        assert path in page.text


def test_operations_are_searched_and_found_with_an_example(system: RunningSystem) -> None:
    page = httpx2.get(f"{system.base_url}/api/docs", params={"q": "POST tokens"}).text
    assert page.count('<details class="endpoint"') == 1
    assert "/api/v1/tokens</code>" in page
    assert "&#34;uid&#34;: &#34;04A1B2C3D4&#34;" in page
    assert "0 operations" in httpx2.get(f"{system.base_url}/api/docs", params={"q": "<b>nothing"}).text


def test_another_company_finds_nothing_behind_any_path(
    system: RunningSystem, document: dict[str, Any]
) -> None:
    api = system.api(COMPANY)
    ours = one_of_each(system, COMPANY, "OURS-1")
    other_company = system.api(OTHER_COMPANY).client
    assert other_company.get("/company").json()["id"] == OTHER_COMPANY
    named = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            places = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
            filled = path.format(**{name: quote(ours.get(name, str(COMPANY)), safe="") for name in places})
            if for_everybody(path):
                continue
            if of_driver(path):
                assert other_company.request(method, filled).status_code == 401, (method, path)
            elif of_staff(path):
                assert other_company.request(method, filled).status_code == 403, (method, path)
            elif places:
                body, query = _valid(path, document, operation), QUERIES.get(path, {})
                answer = other_company.request(method, filled, params=query, **body)
                assert answer.status_code == 404, (method, path, answer.text)
                assert answer.headers["content-type"] == "application/problem+json"
                named += 1
                if method == "get":
                    own = api.client.get(filled, params=query).status_code
                    assert own == NOT_THERE_YET.get(path, 200), (path, "is there for its own company")
            elif method == "get" and path != "/stream":
                shown = other_company.get(filled).text
                for thing in ("OURS", ours["location"], ours["command"]):
                    assert thing not in shown, path
    assert named >= 18


def _valid(path: str, document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    if "requestBody" not in operation:
        return {}
    if "application/json" not in operation["requestBody"]["content"]:
        return {"content": PHOTO, "headers": {"Content-Type": "image/png"}}
    body = BODIES.get(path, {})
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]}).validate(body)
    return {"json": body}
