"""Fees of bookings by API and on pages: what slots cost, receipts, credit notes, and valid invoices."""

import io
from typing import Any

import pytest
from facturx import get_xml_from_pdf, xml_check_xsd
from pypdf import PdfReader

from eosvolt.adapters.http.framework.texts import language, speaking
from eosvolt.adapters.http.web.shell.timeline import timeline
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.ports import StreamAppend
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.kernel import Provenance
from tests.books import assert_books_are_right
from tests.en16931 import broken_rules
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING
from tests.queries_in_memory import MemoryQueries
from tests.replay.booking_fee_life import booking_fee_life
from tests.unit.operations.booking_examples import (
    BOOKING,
    SINCE,
    a_bookable_charger,
    a_charged_fee,
)
from tests.unit.operations.payouts import IBAN, with_account
from tests.web_in_memory import Site

ONE, DAY = f"/bookings/{BOOKING}", MORNING.date().isoformat()
RULES = {
    "enabled": True,
    "fee": {"sameDay": "2.00", "future": "1.00"},
    "pricing": {
        "strategy": "perKwh",
        "price": "0.40",
        "windows": [{"from": "22:00", "to": "06:00", "price": "0.25"}],
    },
    "freeKwh": "5.5",
    "graceMinutes": 10,
    "blockingFee": {"amount": "3.00", "intervalMinutes": 15, "cap": "9.00"},
}


def euros(amount: str) -> dict[str, str]:
    return {"currency": "EUR", "amount": amount}


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "").replace("\xa0", " ")


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    """Nothing of what documents look back at changes here, so the past is as the present."""
    monkeypatch.setattr(MemoryQueries, "as_of", lambda queries, _at: queries)
    return await Site().opened()


async def with_buyer(site: Site) -> None:
    """The fee of 2.00 EUR is owed by a customer whose invoices have an address."""
    await with_account(site, IBAN)
    await a_charged_fee(site)
    site.customer_records.stored["ana"] = CustomerPerson(
        customer="ana",
        company=COMPANY,
        name="Ana Blum",
        billing=BillingDetails(street="Ulice 5", postal_code="11000", city="Praha", country="CZ"),
    )


async def test_rules_with_prices_come_back_as_they_were_set(site: Site) -> None:
    await a_bookable_charger(site)
    answer = await site.api("PUT", f"/locations/{LOCATION}/booking", RULES)
    assert answer.status_code == 200, answer.text
    said = (await site.api("GET", f"/locations/{LOCATION}/booking")).json()
    assert {name: said[name] for name in RULES} == RULES
    assert said["currency"] == "EUR"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"fee": {"sameDay": "0.001", "future": "1"}}, "/fee/sameDay"),
        ({"freeKwh": "100000"}, "/freeKwh"),
        ({"blockingFee": {"amount": "0", "intervalMinutes": 15}}, "/blockingFee/amount"),
        ({"graceMinutes": 5000}, "/graceMinutes"),
    ],
)
async def test_wrong_prices_are_pointed_at(site: Site, change: dict[str, Any], pointer: str) -> None:
    await a_bookable_charger(site)
    answer = await site.api("PUT", f"/locations/{LOCATION}/booking", RULES | change)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_slots_and_bookings_say_what_they_cost(site: Site) -> None:
    await a_bookable_charger(site)
    await site.api("PUT", f"/locations/{LOCATION}/booking", RULES)
    slots = (await site.api("GET", f"/locations/{LOCATION}/slots?date={DAY}&slots=2")).json()["items"]
    assert {each["fee"]["amount"] for each in slots} == {"4.00"}
    wanted = {
        "locationId": LOCATION,
        "chargeBoxId": CHARGE_BOX_ID,
        "plug": 1,
        "start": SINCE.isoformat(),
        "slots": 2,
        "customerId": "ana",
    }
    made = (await site.api("POST", "/bookings", wanted)).json()
    assert made["fee"] == euros("4.00")
    assert "feeOwedAt" not in made
    one = f"/bookings/{made['id']}"
    assert (await site.api("GET", f"{one}/receipt")).status_code == 404
    assert (await site.api("POST", f"{one}/refunds", {"reason": "x"})).status_code == 409
    cancelled = (await site.api("POST", f"{one}/cancel", {"refund": True})).json()
    assert (cancelled["state"], cancelled["fee"]) == ("cancelled", euros("4.00"))
    assert "feeOwedAt" not in cancelled


async def test_the_receipt_has_a_number_once_it_is_issued(site: Site) -> None:
    await a_charged_fee(site)
    before = text_of((await site.api("GET", f"{ONE}/receipt")).content)
    await ReceiptIssuing(site.application, site.clock).issue_of_booking(BOOKING)
    after = text_of((await site.api("GET", f"{ONE}/receipt")).content)
    assert "R-2026-00001" not in before
    assert "R-2026-00001" in after
    for text in (before, after):
        assert "Booking fee" in text
        for amount in ("€2.00", "€1.68", "€0.32", "19 %"):
            assert amount in text


async def test_a_refund_has_a_credit_note(site: Site) -> None:
    await a_charged_fee(site)
    answer = await site.api("POST", f"{ONE}/refunds", {"reason": "Goodwill", "amount": "0.50"})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["amount"], answer.json()["creditNote"]) == (euros("0.50"), "CN-2026-00001")
    text = text_of((await site.api("GET", f"{ONE}/refunds/1/credit-note")).content)
    for part in ("CN-2026-00001", "€0.50", "Goodwill", "Refund of the booking fee"):
        assert part in text
    listed = (await site.api("GET", f"{ONE}/refunds")).json()["items"]
    assert [each["id"] for each in listed] == ["1"]
    more = await site.api("POST", f"{ONE}/refunds", {"reason": "Goodwill", "amount": "1.51"})
    assert more.status_code == 409
    assert_books_are_right(site.queries.models)


async def test_an_invoice_with_a_fee_keeps_the_rules_and_has_it_once(site: Site) -> None:
    await with_buyer(site)
    wanted = {"customerId": "ana", "first": DAY, "last": DAY}
    made = await site.api("POST", "/invoices", wanted)
    assert made.status_code == 201, made.text
    said = made.json()
    assert (said["total"], said["sessionIds"], said["bookingIds"]) == (euros("2.00"), [], [BOOKING])
    answer = await site.api("GET", f"/invoices/{said['id']}")
    _, xml = get_xml_from_pdf(answer.content)
    assert xml_check_xsd(xml, level="en16931")
    assert broken_rules(xml) == []
    assert "Booking fee" in text_of(answer.content)
    assert b"Booking fee" in xml
    assert (await site.api("POST", "/invoices", wanted)).status_code == 409
    assert "On invoice" in (await site.page(ONE)).text


async def test_a_credit_note_to_an_invoice_keeps_the_rules(site: Site) -> None:
    await with_buyer(site)
    await site.api("POST", "/invoices", {"customerId": "ana", "first": DAY, "last": DAY})
    await site.api("POST", f"{ONE}/refunds", {"reason": "Goodwill", "amount": "0.50"})
    answer = await site.api("GET", f"{ONE}/refunds/1/credit-note")
    _, xml = get_xml_from_pdf(answer.content)
    assert xml_check_xsd(xml, level="en16931")
    assert broken_rules(xml) == []
    assert "I-2026-00001" in text_of(answer.content)


async def test_what_was_refunded_is_not_invoiced(site: Site) -> None:
    await with_buyer(site)
    await site.api("POST", f"{ONE}/refunds", {"reason": "Goodwill", "amount": "0.50"})
    made = (await site.api("POST", "/invoices", {"customerId": "ana", "first": DAY, "last": DAY})).json()
    assert made["total"] == euros("1.50")


async def test_the_pages_show_the_fee_and_what_became_of_it(site: Site) -> None:
    await a_charged_fee(site)
    page = (await site.page(ONE)).text
    assert "€2.00" in page
    assert f'href="{ONE}/refund"' in page
    assert "€2.00" in (await site.page(f"{ONE}/refund")).text
    await site.page(f"{ONE}/refund", {"amount": "2", "reason": "Goodwill"})
    page = (await site.page(ONE)).text
    assert "given back" in page
    assert "CN-2026-00001" in page
    assert "nothing left to refund" in (await site.page(f"{ONE}/refund")).text


async def test_the_bill_of_a_booked_session_says_what_is_free(site: Site) -> None:
    await a_bookable_charger(site)
    for fact in (await booking_fee_life()).store.facts:
        if fact.stream.startswith("session:"):
            appended = StreamAppend(fact.stream, fact.version - 1, [fact.event])
            await site.store.append([appended], Provenance(COMPANY, fact.why.by))
    said = (await site.api("GET", "/sessions/170002")).json()
    assert [(line["quantity"], line["price"], line["gross"]["amount"]) for line in said["lines"]] == [
        ("2.500", "0", "0.00"),
        ("7.500", "0.30", "2.25"),
        ("1", "3.00", "3.00"),
    ]
    assert (said["bookingId"], said["type"], said["tariff"]["freeKwh"]) == ("b1", "booking", "2.5")
    assert said["tariff"]["blockingFeeBeginsAt"] == "2026-11-21T13:10:00Z"
    page = (await site.page("/sessions/170002")).text
    assert "free with the booking" in page
    assert 'href="/bookings/b1"' in page
    text = text_of((await site.api("GET", "/sessions/170002/receipt")).content)
    assert "Energy, free with the booking" in text
    assert "€5.25" in text


async def test_what_a_change_costs_is_shown_by_the_booking_s_own_rules(site: Site) -> None:
    await a_bookable_charger(site)
    await site.api("PUT", f"/locations/{LOCATION}/booking", RULES)
    wanted = {
        "locationId": LOCATION,
        "chargeBoxId": CHARGE_BOX_ID,
        "plug": 1,
        "start": SINCE.isoformat(),
        "customerId": "ana",
    }
    one = f"/bookings/{(await site.api('POST', '/bookings', wanted)).json()['id']}"
    dearer = RULES | {"fee": {"sameDay": "9.00", "future": "9.00"}}
    await site.api("PUT", f"/locations/{LOCATION}/booking", dearer)
    today = (await site.page(f"{one}/reschedule?date={DAY}")).text
    tomorrow = (await site.page(f"{one}/reschedule?date=2026-11-22")).text
    assert ("€2.00" in today, "€1.00" in today, "€9.00" in today) == (True, False, False)
    assert ("€1.00" in tomorrow, "€9.00" in tomorrow) == (True, False)
    assert "(+€4.00)" in (await site.page(f"{one}/extend")).text


async def test_everything_that_happened_to_fees_has_its_sentence() -> None:
    facts = (await booking_fee_life()).store.facts
    with speaking(language("en")):
        said = [each.sentence for each in timeline(facts, "Europe/Berlin")]
    for sentence in (
        "The booking fee of €4.00 is owed.",
        "€1.50 of the booking fee given back by credit note CN-2026-00001: Goodwill",
        "Receipt R-2026-00001 issued: €4.00.",
        "The booking fee is on invoice I-2026-00001: €2.50.",
        "The rules for bookings were changed: plugs can be booked.",
    ):
        assert sentence in said
