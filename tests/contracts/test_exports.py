"""An export is its list: the same rows in the same order for everybody, with every column."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import pytest_asyncio

from eosvolt.application.permissions import EVERYTHING, OWNER, Action, Grants, Permission, ProductArea
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import companies
from tests.accounts_in_memory import PERSON
from tests.contracts.busy_day import OTHER_TOKEN, a_busy_day
from tests.contracts.replayed_history import replayed_history
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, TOKEN, after
from tests.postgres_server import fresh_database
from tests.scenario import WHY
from tests.web_in_memory import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAYS = {"from": "2026-11-01", "to": "2026-11-30"}
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"sort": "total"},
    {"sort": "-endedAt"},
    {"sort": "number", "status": "completed"},
    {"token": OTHER_TOKEN},
    {"plug": "2"},
    {"charger": CHARGE_BOX_ID, "location": LOCATION},
    {"search": TOKEN[:4]},
    {"search": f"{CHARGE_BOX_ID} · 2"},
    {"asOf": after(105).isoformat()},
    {"status": "failed"},
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def _site(postgres: str, _migrated: str) -> AsyncIterator[Site]:
    scenario = await a_busy_day()
    register = RegisterCompany(company=COMPANY, name="Harbour", owner=PERSON, at=after(200))
    await scenario.application.execute(companies, str(COMPANY), register, WHY)
    with fresh_database(postgres, template=_migrated) as database:
        async with replayed_history(database, scenario.store.facts) as (queries, _):
            site = Site()
            site.queries = cast("Any", queries)
            site.clock.set(after(200))
            async with site.web:
                yield site


@pytest.fixture
def site(_site: Site) -> Site:
    _site.gate.grants = OWNER
    return _site


async def listed(site: Site, **filters: str) -> list[dict[str, Any]]:
    return await _get(site, "/api/v1/sessions", {"limit": "2", **filters})


async def _get(site: Site, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    """All items of the list, page by page."""
    items: list[dict[str, Any]] = []
    while True:
        answer = await site.web.get(path, params=query, headers={"cookie": f"eosvolt={PERSON}"})
        found = answer.json()
        items += found["items"]
        if "cursor" not in found:
            return items
        query = {**query, "cursor": found["cursor"]}


async def exported(site: Site, path: str = "/api/v1/sessions/export", **query: str) -> list[dict[str, str]]:
    headers = {"cookie": f"eosvolt={PERSON}", "accept-language": "en"}
    answer = await site.web.get(path, params=DAYS | query, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def local(instant: str | None, zone: str) -> str:
    at = instant and datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def in_a_file(item: dict[str, Any], now: datetime) -> dict[str, str]:
    """A session of the list as its row in the file, worked out from what the API says of it."""
    zone, ended = item["timeZone"], item.get("endedAt")
    until = datetime.fromisoformat(ended) if ended else now
    energy = [line for line in item["lines"] if line["kind"] != "blockingFee"]
    spent = sum(Decimal(line["quantity"]) * Decimal(line["price"]) for line in energy)
    kwh = Decimal(item["energyWh"]) / 1000
    return {
        "number": str(item["number"]),
        "id": item["id"],
        "status": item["status"],
        "type": item["type"],
        "started (local)": local(item["startedAt"], zone),
        "started (UTC)": item["startedAt"],
        "ended (local)": local(ended, zone),
        "ended (UTC)": ended or "",
        "freed (local)": local(item.get("freedAt"), zone),
        "freed (UTC)": item.get("freedAt", ""),
        "time zone": zone,
        "duration (s)": str(int((until - datetime.fromisoformat(item["startedAt"])).total_seconds())),
        "location": "Harbour",
        "location id": item["locationId"],
        "charger": item["chargeBoxId"],
        "plug": str(item["plug"]),
        "token": item["token"],
        "group": item.get("groupUid", ""),
        "energy (kWh)": f"{kwh:.3f}",
        "held back (kWh)": f"{Decimal(item.get('heldBackWh', 0)) / 1000:.3f}",
        "price per kWh": f"{spent / kwh:.4f}" if kwh else "",
        "charging": item["charging"]["amount"],
        "blocking fee": item["blockingFee"]["amount"],
        "total": item["total"]["amount"],
        "net": item["net"]["amount"],
        "VAT": item["vat"]["amount"],
        "currency": item["total"]["currency"],
        "meter start (Wh)": str(item.get("meterStartWh", "")),
        "meter stop (Wh)": str(item.get("meterStopWh", "")),
        "transaction id": str(item["transactionId"]),
        "authorization": item["authorization"],
        "reason": item.get("reason", ""),
        "provisional": "yes" if item.get("provisional") else "no",
        "flags": " ".join(item.get("flags", ())),
        "customer id": item.get("customerId", ""),
        "payment method": item["paymentMethod"],
    }


async def test_every_export_is_the_list_of_the_same_filter(site: Site) -> None:
    unlike, most = [], 0
    for filters in FILTERS:
        items = await listed(site, **filters)
        now = datetime.fromisoformat(filters["asOf"]) if "asOf" in filters else site.clock.now()
        rows = [in_a_file(item, now) for item in items]
        most = max(most, len(rows))
        unlike += [filters] if await exported(site, **filters) != rows else []
        # The page has the same list behind the same filter.
        unlike += (
            [filters] if await exported(site, "/sessions/export", format="csv", **filters) != rows else []
        )
    assert (unlike, most) == ([], 4)


async def test_a_workbook_has_the_same_cells_with_their_types(site: Site) -> None:
    headers = {"cookie": f"eosvolt={PERSON}"}
    answer = await site.web.get("/api/v1/sessions/export", params={**DAYS, "format": "xlsx"}, headers=headers)
    assert answer.headers["content-disposition"] == (
        'attachment; filename="sessions-2026-11-01-to-2026-11-30.xlsx"'
    )
    head, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.values
    as_csv = await exported(site)
    assert [dict(zip(head, row, strict=True))["number"] for row in rows] == [
        int(row["number"]) for row in as_csv
    ]
    for row, text in zip(rows, as_csv, strict=True):
        cells = dict(zip(head, row, strict=True))
        assert (cells["id"], cells["token"], cells["transaction id"]) == (
            text["id"],
            text["token"],
            text["transaction id"],
        )
        assert Decimal(str(cells["total"])) == Decimal(text["total"])
        assert cells["started (local)"].isoformat(" ") == text["started (local)"]
        utc = datetime.fromisoformat(text["started (UTC)"]).astimezone(UTC)
        assert cells["started (UTC)"] == utc.replace(microsecond=0, tzinfo=None)


async def test_a_german_page_and_a_program_that_says_so_get_semicolons_and_decimal_commas(site: Site) -> None:
    german = {"cookie": f"eosvolt={PERSON}", "accept-language": "de"}
    page = await site.web.get("/sessions/export", params={**DAYS, "format": "csv"}, headers=german)
    program = await site.web.get(
        "/api/v1/sessions/export", params={**DAYS, "decimal": "comma"}, headers=german
    )
    assert page.content == program.content
    text = page.content.decode("utf-8-sig")
    (row, *_) = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    (plain, *_) = await exported(site)
    assert (row["total"], row["energy (kWh)"]) == (
        plain["total"].replace(".", ","),
        plain["energy (kWh)"].replace(".", ","),
    )
    assert row["started (UTC)"] == plain["started (UTC)"]


async def test_somebody_of_other_locations_exports_nothing_and_nobody_without_the_permission(
    site: Site,
) -> None:
    headers = {"cookie": f"eosvolt={PERSON}"}
    site.gate.grants = Grants(EVERYTHING, frozenset({LOCATION}))
    assert len(await exported(site)) == 4
    site.gate.grants = Grants(EVERYTHING, frozenset({"elsewhere"}))
    assert await exported(site) == []
    site.gate.grants = Grants(frozenset({Permission(Action.VIEW, ProductArea.SESSIONS)}))
    for path in ("/api/v1/sessions/export", "/sessions/export"):
        assert (await site.web.get(path, params=DAYS, headers=headers)).status_code == 403
    assert "/sessions/export" not in (await site.page("/sessions")).text


@pytest.mark.parametrize(
    ("since", "until", "pointer", "detail"),
    [
        ("2026-11-01", "2026-12-01", "?to", "An export covers at most 30 days; these are 31."),
        ("2026-11-02", "2026-11-01", "?to", "The last day is before the first."),
        ("0001-01-01", "0001-01-02", "?from", "This is a date in the years 1970 to 2200."),
    ],
)
async def test_more_than_thirty_local_days_are_refused_with_a_sentence(
    site: Site, since: str, until: str, pointer: str, detail: str
) -> None:
    headers = {"cookie": f"eosvolt={PERSON}"}
    query = {"from": since, "to": until}
    answer = await site.web.get("/api/v1/sessions/export", params=query, headers=headers)
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": pointer, "detail": detail}])
    page = await site.web.get("/sessions/export", params=query, headers=headers)
    assert page.status_code == 422
    assert detail.split(";", maxsplit=1)[0].rstrip(".") in page.text


async def test_a_second_too_many_is_asked_to_come_again(site: Site) -> None:
    files = site.gate.dependencies.table_files
    headers = {"cookie": f"eosvolt={PERSON}"}
    with files.place(COMPANY), files.place(COMPANY):
        answer = await site.web.get("/api/v1/sessions/export", params=DAYS, headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    assert len(await exported(site)) == 4


async def test_other_lists_are_exported_with_what_the_api_has_of_them(site: Site) -> None:
    chargers = await _get(site, "/api/v1/chargers", {})
    places = await _get(site, "/api/v1/locations", {})
    tokens = await _get(site, "/api/v1/tokens", {})
    faults = await _get(site, "/api/v1/faults", {"sort": "since"})
    assert all((chargers, places, tokens, faults))
    assert [
        (row["charger"], row["location id"], row["model"], row["connection"], row["plugs"])
        for row in await exported(site, "/chargers/export.csv")
    ] == [
        (
            each["chargeBoxId"],
            each["locationId"],
            each["model"],
            "online" if each["online"] else "offline",
            str(len(each["plugs"])),
        )
        for each in chargers
    ]
    assert [
        (row["id"], row["location"], row["time zone"], row["price"], row["chargers"])
        for row in await exported(site, "/locations/export.csv")
    ] == [
        (each["id"], each["name"], each["timeZone"], each["tariff"]["price"], str(len(chargers)))
        for each in places
    ]
    assert [(row["uid"], row["status"]) for row in await exported(site, "/tokens/export.csv")] == [
        (each["uid"], each["status"]) for each in tokens
    ]
    assert [
        (row["id"], row["state"], row["since"])
        for row in await exported(site, "/diagnostics/export.csv", state="all", sort="since")
    ] == [(each["id"], each["state"], each["since"]) for each in faults]


async def test_every_list_is_a_workbook_too_and_is_refused_without_its_permission(site: Site) -> None:
    headers = {"cookie": f"eosvolt={PERSON}"}
    for path, area in (
        ("/chargers", ProductArea.CHARGE_POINTS),
        ("/locations", ProductArea.CHARGE_POINTS),
        ("/tokens", ProductArea.CHARGE_POINTS),
        ("/diagnostics?state=all", ProductArea.DIAGNOSTICS),
    ):
        list_path, _, query = path.partition("?")
        site.gate.grants = OWNER
        file = f"{list_path}/export.xlsx?{query}"
        answer = await site.web.get(file, headers=headers)
        head, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.values
        assert [dict(zip(head, row, strict=True)) for row in rows], path
        site.gate.grants = Grants(frozenset({Permission(Action.VIEW, area)}))
        assert (await site.web.get(file, headers=headers)).status_code == 403
        assert f"{list_path}/export" not in (await site.page(path)).text


async def test_the_other_lists_of_somebody_elsewhere_are_empty(site: Site) -> None:
    site.gate.grants = Grants(EVERYTHING, frozenset({"elsewhere"}))
    for path in ("/chargers", "/locations", "/diagnostics"):
        assert await exported(site, f"{path}/export.csv") == []
