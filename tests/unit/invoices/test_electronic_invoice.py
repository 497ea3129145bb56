"""Electronic invoices keep the official rules of EN 16931, and are in a PDF that is the same file again."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from facturx import facturx as facturx_library
from facturx import get_xml_from_pdf, xml_check_xsd
from lxml import etree
from pypdf import PdfReader

from eosvolt.adapters.documents.electronic_invoice import electronic_xml
from eosvolt.adapters.documents.typesetter import Typesetter
from eosvolt.application.invoices import (
    ElectronicCreditNote,
    ElectronicInvoice,
    ElectronicLine,
    PrintedInvoice,
)
from eosvolt.application.receipts import Receipt, ReceiptLine, ReceiptSum
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.money import Money, Taxed
from tests.en16931 import broken_rules

SELLER = BillingDetails(
    legal_name="Pier & Söhne GmbH",
    street="Am Kai 1",
    postal_code="20457",
    city="Hamburg",
    country="DE",
    vat_id="DE136695976",
    tax_number="231/123/45678",
)
BUYER = BillingDetails(
    legal_name="Pflegedienst <Linde> Đường 東京",
    street="Ulice 5",
    postal_code="11000",
    city="Praha",
    country="CZ",
)


def line(gross: Money, rate: str, number: int = 1) -> ElectronicLine:
    return ElectronicLine(
        name=f"Session {number}",
        description="12.345 kWh, Harbour, CP-1 · 1",
        since=date(2026, 10, 31),
        until=date(2026, 11, 1),
        gross=gross,
        rate=Decimal(rate),
    )


def invoice(lines: list[ElectronicLine], seller: BillingDetails = SELLER) -> ElectronicInvoice:
    return ElectronicInvoice(
        number="VS-I-2026-00001",
        issued_on=date(2026, 11, 30),
        due_on=date(2026, 12, 14),
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        seller=seller,
        buyer=BUYER,
        currency=lines[0].gross.currency,
        lines=tuple(lines),
        terms="Payable by 14 Dec 2026 without deduction.",
    )


def credit_note(refunded: Taxed, rate: str) -> ElectronicCreditNote:
    one = invoice([line(refunded.gross, rate)])
    return ElectronicCreditNote(
        number="VS-CN-2026-00001",
        issued_on=date(2026, 12, 3),
        first=one.first,
        last=one.first,
        seller=SELLER,
        buyer=BUYER,
        currency=one.currency,
        lines=one.lines,
        terms="Its amount is deducted.",
        credits="VS-I-2026-00001",
        credits_on=date(2026, 11, 30),
        refunded=refunded,
    )


def printed_credit_note() -> Receipt:
    sums = ReceiptSum(name="19 %", net="€8.39", vat="€1.60", gross="€9.99")
    texts = {"what": "Refund", "since": "1 Nov", "until": "1 Nov", "quantity": "1"}
    one = printed(1)
    return Receipt(
        **{
            name: getattr(one, name)
            for name in ("language", "company", "issuer", "facts", "page_label", "at")
        },
        title="Credit note",
        subject="VS-CN-2026-00001",
        columns=("What", "From", "To", "Quantity", "Price", "Amount"),
        lines=(ReceiptLine(**texts, price="€9.99", gross="€9.99"),),
        sums=(),
        total_label="Refunded, VAT included",
        total="€9.99",
        rate_columns=one.rate_columns,
        rates=(sums,),
        notes=("Reason: 東京",),
    )


def printed(count: int = 40) -> PrintedInvoice:
    cells = ("170001", "21 Nov 2026 11:01", "Hafen 東京 Ελλάδα שלום", "12.345", "19 %", "€9.99")
    return PrintedInvoice(
        language="en",
        title="Invoice",
        subject="VS-I-2026-00001",
        company="Pier & Söhne GmbH",
        issuer=("Am Kai 1", "20457 Hamburg"),
        facts=(("Date", "30 Nov 2026"), ("Period", "1 Nov 2026 – 30 Nov 2026")),
        recipient_label="Invoice to",
        recipient=("Pflegedienst Linde", "Ulice 5", "11000 Praha"),
        columns=("Session", "Start", "Location", "kWh", "VAT", "Amount"),
        lines=(cells,) * count,
        rate_columns=("VAT rate", "Net", "VAT", "Gross"),
        rates=(("19 %", "€3,357.98", "€638.02", "€3,996.00"),),
        sums=(("Net", "€3,357.98"), ("VAT", "€638.02")),
        total_label="Total, VAT included",
        total="€3,996.00",
        notes=("Payable by 14 Dec 2026 without deduction.",),
        page_label="Page",
        at=datetime(2026, 11, 30, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize("currency", ["EUR", "CZK", "GBP", "JPY"])
@pytest.mark.parametrize(
    "rates",
    [("0.19",), ("0",), ("0.07", "0.19"), ("0", "0.21"), ("0.255", "0.05", "0.255", "0.20", "0")],
    ids=" ".join,
)
def test_an_invoice_keeps_the_rules(currency: str, rates: tuple[str, ...]) -> None:
    lines = [
        line(Money(currency, 1 + 997 * number), rate, number)
        for number, rate in enumerate(rates * 7, start=1)
    ]
    xml = electronic_xml(invoice(lines))
    xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert broken_rules(xml) == []


def test_four_hundred_sessions_of_9_99_on_one_invoice_keep_the_rules() -> None:
    xml = electronic_xml(invoice([line(Money("EUR", 999), "0.19", each) for each in range(1, 401)]))
    assert broken_rules(xml) == []
    assert b">3357.98<" in xml
    assert b">638.02<" in xml
    assert b">3996.00<" in xml


def test_every_small_amount_keeps_the_rules_also_where_it_has_to_be_rounded() -> None:
    for cents in (1, 3, 10, 22, 35, 48):
        assert broken_rules(electronic_xml(invoice([line(Money("EUR", cents), "0.19")]))) == []


def test_the_rules_are_looked_at() -> None:
    wrong = electronic_xml(invoice([line(Money("EUR", 999), "0.19")])).replace(b">9.99<", b">9.98<")
    assert any("BR-CO-16" in each for each in broken_rules(wrong))


def test_an_issuer_without_a_vat_id_has_a_tax_number() -> None:
    seller = BillingDetails(**{**{f: getattr(SELLER, f) for f in SELLER.__struct_fields__}, "vat_id": ""})
    assert broken_rules(electronic_xml(invoice([line(Money("EUR", 999), "0.19")], seller))) == []


def test_currencies_with_three_decimals_have_no_electronic_invoice() -> None:
    wanted = invoice([line(Money("KWD", 1234), "0.05")])
    assert not wanted.possible
    with pytest.raises(ValueError, match="KWD"):
        electronic_xml(wanted)


@pytest.mark.parametrize("currency", ["EUR", "CZK", "GBP", "JPY"])
def test_a_credit_note_names_its_invoice_and_keeps_the_rules(currency: str) -> None:
    for gross, net, rate in (
        (999, 839, "0.19"),
        (999, 840, "0.19"),
        (1, 1, "0.19"),
        (3, 2, "0.21"),
        (500, 500, "0"),
    ):
        taxed = Taxed(Money(currency, gross), Money(currency, net), Money(currency, gross - net))
        xml = electronic_xml(credit_note(taxed, rate))
        xml_check_xsd(xml, flavor="factur-x", level="en16931")
        assert broken_rules(xml) == []
        tree = etree.fromstring(xml)
        assert tree.findtext(".//{*}ExchangedDocument/{*}TypeCode") == "381"
        assert tree.findtext(".//{*}InvoiceReferencedDocument/{*}IssuerAssignedID") == "VS-I-2026-00001"
        assert tree.findtext(".//{*}InvoiceReferencedDocument//{*}DateTimeString") == "20261130"
        # As in the ledger, also where the last part of a session took what was left.
        assert tree.findtext(".//{*}TaxBasisTotalAmount") == f"{taxed.net.amount:f}"
        assert tree.findtext(".//{*}TaxTotalAmount") == f"{taxed.vat.amount:f}"
        assert tree.findtext(".//{*}DuePayableAmount") == f"{taxed.gross.amount:f}"
        assert tree.find(".//{*}DueDateDateTime") is None


async def test_the_pdf_of_a_credit_note_has_its_xml_in_it_and_is_the_same_file_again() -> None:
    wanted = credit_note(Taxed(Money("EUR", 999), Money("EUR", 839), Money("EUR", 160)), "0.19")
    made = [await Typesetter().credit_note(printed_credit_note(), wanted, None) for _ in range(2)]
    assert made[0] == made[1]
    assert get_xml_from_pdf(made[0], check_xsd=True, check_schematron=False)[1] == electronic_xml(wanted)


async def test_a_credit_note_in_a_currency_with_three_decimals_is_a_pdf_alone() -> None:
    taxed = Taxed(Money("KWD", 1234), Money("KWD", 1175), Money("KWD", 59))
    content = await Typesetter().credit_note(printed_credit_note(), credit_note(taxed, "0.05"), None)
    assert get_xml_from_pdf(content, check_xsd=False, check_schematron=False)[0] in (None, False)


async def test_the_pdf_has_the_xml_in_it_and_is_the_same_file_again(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = invoice([line(Money("EUR", 999), "0.19", each) for each in range(1, 41)])
    made = [await Typesetter().invoice(printed(), wanted, None)]
    # The library asks the clock: another day.
    monkeypatch.setattr(facturx_library, "_get_pdf_timestamp", lambda *_: "D:20301231235959+00'00'")
    monkeypatch.setattr(facturx_library, "_get_metadata_timestamp", lambda: "2030-12-31T23:59:59+00:00")
    made.append(await Typesetter().invoice(printed(), wanted, None))
    assert made[0] == made[1]
    name, xml = get_xml_from_pdf(made[0], check_xsd=True, check_schematron=False)
    assert name == "factur-x.xml"
    assert xml == electronic_xml(wanted)
    reader = PdfReader(io.BytesIO(made[0]))
    metadata = reader.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]  # the package does not say what is in it
    assert b"EN 16931" in metadata
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "東京" in text
    assert "€3,996.00" in text


async def test_a_currency_with_three_decimals_has_a_pdf_alone() -> None:
    content = await Typesetter().invoice(printed(1), invoice([line(Money("KWD", 1234), "0.05")]), None)
    assert get_xml_from_pdf(content, check_xsd=False, check_schematron=False)[0] in (None, False)
