"""A driver who is no customer sees what is held, where to confirm it, and what was paid in the end."""

from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from eosvolt.application.charging import ChargingService
from eosvolt.application.operations import sessions
from eosvolt.application.operations.sessions import RefundInput
from eosvolt.application.payment_collection import Collector, PaymentCollection
from eosvolt.application.payment_providers import PaymentTerms, paying_token
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.charge_points.reports import ConnectorStatus, StartReport, StatusReport, StopReport
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.money import Money
from eosvolt.domain.payments.events import PaymentRequested
from tests.drivers_in_memory import DRIVER, DRIVER_SECRET
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT, COMPANY, MORNING, after
from tests.local_payments import NAME, LocalPayments
from tests.paying import MemoryDuePayments
from tests.unit.http.test_drivers import A_START, PLUG, anonymous, asked, change
from tests.unit.operations.charging import OWNER, SESSION, a_connected_charger
from tests.unit.operations.driving import a_known_driver
from tests.web_in_memory import Site

TERMS = PaymentTerms(NAME, {"EUR": Money("EUR", 5_000)})
PAGE = f"/drive/{COMPANY}/{CHARGE_BOX_ID}/1"


class Paid(NamedTuple):
    """A site with its charger."""

    site: Site
    charging: ChargingService


@pytest.fixture
async def paid() -> Paid:
    opened = await Site(TERMS).opened()
    return Paid(opened, await a_connected_charger(opened))


@pytest.fixture
def site(paid: Paid) -> Site:
    return paid.site


@pytest.fixture
def provider(tmp_path: Path) -> LocalPayments:
    return LocalPayments(tmp_path, "https://pay.example")


async def collect(site: Site, provider: LocalPayments) -> None:
    """What is due at the provider is asked for, until nothing changes any more."""
    collection = PaymentCollection(
        site.application,
        site.clock,
        site.requests,
        MemoryDuePayments(site.queries.models),
        Collector(provider, TERMS, "https://cpo.example"),
    )
    for _ in range(4):
        for each in await collection.due():
            await collection.carry_out(each.stream)


async def confirmed(site: Site, provider: LocalPayments) -> str:
    """The driver asks for a start and confirms the payment. Returns the id of the start."""
    start: str = (await asked(site, "POST", "/driver/sessions", A_START)).json()["id"]
    await collect(site, provider)
    opened = (await asked(site, "GET", f"/driver/sessions/{start}")).json()
    provider.confirmed(opened["payment"]["address"].rpartition("/")[2])
    await collect(site, provider)
    return start


async def charged(paid: Paid) -> None:
    """The driver charges ``SESSION`` for an hour, and unplugs."""
    start = StartReport(
        connector=1,
        token=paying_token(COMPANY, DRIVER.id),
        at=MORNING,
        received_at=MORNING,
        meter_start_wh=1_000,
    )
    await paid.charging.started(CHARGE_POINT, start)


async def over(paid: Paid) -> None:
    """The driver has charged 5.00, and unplugs."""
    at = after(60)
    paid.site.clock.set(at)
    stop = StopReport(transaction=int(SESSION), at=at, received_at=at, meter_stop_wh=11_000, reason="Local")
    await paid.charging.stopped(CHARGE_POINT, stop)
    free = StatusReport(
        connector=1, status=ConnectorStatus.AVAILABLE, at=at, received_at=at, error_code="NoError"
    )
    await paid.charging.reported(CHARGE_POINT, free)


def money(amount: str) -> dict[str, str]:
    return {"currency": "EUR", "amount": amount}


async def test_a_start_is_paid_for_first_and_then_asked_of_the_charger(
    site: Site, provider: LocalPayments
) -> None:
    plug = (await asked(site, "GET", PLUG)).json()
    assert (plug["canStart"], plug["paymentAtMost"]) == (False, money("50.00"))
    started = await asked(site, "POST", "/driver/sessions", A_START)
    first: Any = started.json()
    assert (started.status_code, first["phase"], first["chargeBoxId"], first["plug"]) == (
        202,
        "paying",
        CHARGE_BOX_ID,
        1,
    )
    assert (first["payment"]["status"], first["payment"]["held"]) == ("requested", money("50.00"))
    assert not any(isinstance(fact.event, CommandRequested) for fact in site.store.facts)
    # Nothing in the history says who it is.
    assert not any(DRIVER.email in str(fact) for fact in site.store.facts)
    await collect(site, provider)
    opened = (await asked(site, "GET", f"/driver/sessions/{first['id']}")).json()
    assert opened["payment"]["address"].startswith("https://pay.example/local-")
    page = await site.page(f"/drive/sessions/{first['id']}", by=DRIVER_SECRET)
    assert opened["payment"]["address"] in page.text
    provider.confirmed(opened["payment"]["address"].rpartition("/")[2])
    await collect(site, provider)
    starting = (await asked(site, "GET", f"/driver/sessions/{first['id']}")).json()
    assert (starting["phase"], starting["payment"]["status"]) == ("starting", "authorised")
    assert "address" not in starting["payment"]


async def test_the_page_of_a_plug_says_what_is_held_before_one_starts(site: Site) -> None:
    page = await site.page(PAGE, by=DRIVER_SECRET)
    assert "at most €50.00 are held" in page.text
    sent = await site.page(PAGE, {}, DRIVER_SECRET)
    assert sent.headers["location"].startswith("/drive/sessions/")
    shown = await site.page(sent.headers["location"], by=DRIVER_SECRET)
    assert "The payment is being requested" in shown.text
    await a_known_driver(site)
    page = await site.page(PAGE, by=DRIVER_SECRET)
    assert "are held" not in page.text
    assert "Start charging" in page.text


async def test_what_was_paid_given_back_and_is_owed_is_shown_to_the_driver_and_the_operator(
    paid: Paid, provider: LocalPayments
) -> None:
    site = paid.site
    start = await confirmed(site, provider)
    await charged(paid)
    charging = (await asked(site, "GET", f"/driver/sessions/{start}")).json()
    assert (charging["id"], charging["phase"]) == (SESSION, "charging")
    await over(paid)
    await ReceiptIssuing(site.application, site.clock).issue(SESSION)
    await collect(site, provider)
    taken = (await asked(site, "GET", f"/driver/sessions/{SESSION}")).json()
    assert (taken["phase"], taken["total"]) == ("over", money("5.00"))
    assert (taken["payment"]["status"], taken["payment"]["taken"]) == ("captured", money("5.00"))
    assert taken["payment"]["owed"] == money("0.00")
    part = RefundInput(session=SESSION, reason="A fault", amount=Decimal("0.10"))
    await site.operations.run(sessions.refund, OWNER, part)
    await collect(site, provider)
    taken = (await asked(site, "GET", f"/driver/sessions/{SESSION}")).json()
    assert (taken["payment"]["status"], taken["payment"]["returned"]) == ("refunded", money("0.10"))
    listed = (await asked(site, "GET", "/driver/sessions")).json()["items"]
    assert [each["id"] for each in listed] == [SESSION]
    page = (await site.page(f"/drive/sessions/{SESSION}", by=DRIVER_SECRET)).text
    assert "Payment by card" in page
    assert "Given back" in page
    story = (await site.page(f"/sessions/{SESSION}?part=story")).text
    for said in ("Payment by card", "The amount is held at the provider.", "€0.10 went back to the driver."):
        assert said in story
    site.drivers.known["ben"] = replace(DRIVER, id="d2", email="ben@home.example")
    for each in (SESSION, start):
        assert (await site.api("GET", f"/driver/sessions/{each}", key="ben")).status_code == 404


async def test_the_driver_stops_what_the_driver_pays_for(paid: Paid, provider: LocalPayments) -> None:
    site = paid.site
    await confirmed(site, provider)
    await charged(paid)
    stopped = await asked(site, "POST", f"/driver/sessions/{SESSION}/stop")
    assert stopped.status_code == 202
    site.drivers.known["ben"] = replace(DRIVER, id="d2", email="ben@home.example")
    assert (await site.api("POST", f"/driver/sessions/{SESSION}/stop", {}, "ben")).status_code == 404


async def test_a_refused_payment_is_a_start_that_failed(site: Site, provider: LocalPayments) -> None:
    provider.refuses = "Your card has expired."
    start = (await asked(site, "POST", "/driver/sessions", A_START)).json()["id"]
    await collect(site, provider)
    failed = (await asked(site, "GET", f"/driver/sessions/{start}")).json()
    assert (failed["phase"], failed["reason"]) == ("failed", "Your card has expired.")


async def test_nobody_pays_where_it_is_not_public_or_the_currency_has_no_amount(site: Site) -> None:
    await change(site, type=LocationType.SEMI_PUBLIC)
    assert (await asked(site, "POST", "/driver/sessions", A_START)).status_code == 409
    assert not any(isinstance(fact.event, PaymentRequested) for fact in site.store.facts)
    other = await Site(PaymentTerms(NAME, {"JPY": Money("JPY", 9_000)})).opened()
    await a_connected_charger(other)
    assert "paymentAtMost" not in (await asked(other, "GET", PLUG)).json()
    assert (await asked(other, "POST", "/driver/sessions", A_START)).status_code == 409
    assert (await anonymous(site, "POST", "/driver/sessions", A_START)).status_code == 401
