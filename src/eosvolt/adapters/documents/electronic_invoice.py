"""Electronic invoices: the XML of EN 16931 (Cross Industry Invoice), and its embedding in a PDF (Factur-X).

Both by the library ``factur-x``. Its check of the rules would send the invoice to a server of somebody else,
so it is never asked for; tests run the same rules here.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from eosvolt.application.invoices import ElectronicCreditNote, ElectronicInvoice
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.invoices.amounts import InvoiceAmounts
from eosvolt.domain.money import Money

_FLAVOR, _LEVEL = "factur-x", "en16931"
# UNTDID 1001: a commercial invoice, and a credit note. UNECE Rec 20: one.
_COMMERCIAL, _CREDIT, _ONE = "380", "381", "C62"
# UNTDID 5305: the standard rate, and zero rated goods.
_STANDARD, _ZERO = "S", "Z"
# The instants of making that the library writes, of the PDF (where some signs may be escaped) and of its
# metadata; each of ours is as long.
_MADE = re.compile(rb"(D(?::|\\072))\d{14}((?:\+|\\053)00)")
_MADE_METADATA = re.compile(rb"(Date>)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\+00:00)")


def electronic_xml(invoice: ElectronicInvoice) -> bytes:
    """The XML of an invoice or credit note. Raises ``ValueError`` for amounts that EN 16931 does not have."""
    if not invoice.possible:
        raise ValueError(f"There are no electronic invoices in {invoice.currency}.")
    # The library is loaded late, because no start needs it; documents are set in a thread.
    from facturx.generate_xml import generate_xml  # noqa: PLC0415 - see above

    made = generate_xml(
        _fields(invoice, invoice.amounts),
        flavor=_FLAVOR,
        level=_LEVEL,
        check_xsd=False,
        check_schematron=False,
    )
    if not isinstance(made, bytes):
        raise TypeError("the XML is bytes")
    return made


def with_xml(pdf: bytes, xml: bytes, *, title: str, author: str, language: str, at: datetime) -> bytes:
    """The PDF (PDF/A-3) with the XML in it, made at ``at``: the same bytes again."""
    from facturx import generate_from_binary  # noqa: PLC0415 - see ``electronic_xml``

    made = generate_from_binary(
        pdf,
        xml,
        flavor=_FLAVOR,
        level=_LEVEL,
        check_xsd=False,
        check_schematron=False,
        pdf_metadata={"author": author, "keywords": "Factur-X", "title": title, "subject": title},
        lang=language,
        afrelationship="alternative",
        xmp_compression=False,
    )
    then = at.astimezone(UTC)
    made = _MADE.sub(rb"\g<1>" + then.strftime("%Y%m%d%H%M%S").encode() + rb"\g<2>", made)
    return _MADE_METADATA.sub(rb"\g<1>" + then.strftime("%Y-%m-%dT%H:%M:%S").encode() + rb"\g<2>", made)


def _fields(invoice: ElectronicInvoice, amounts: InvoiceAmounts) -> dict[str, Any]:
    """The business terms (BT) and groups (BG) of the standard, by their numbers."""
    fields = {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on,
        "BT-3": _COMMERCIAL,
        "BT-5": invoice.currency,
        "BT-20": invoice.terms,
        "BT-72": invoice.last,
        "BT-73": invoice.first,
        "BT-74": invoice.last,
        "BT-106": _money(amounts.net),
        "BT-109": _money(amounts.net),
        "BT-110": _money(amounts.vat),
        "BT-112": _money(amounts.net + amounts.vat),
        "BT-115": _money(amounts.gross),
        "BG-4": _seller(invoice.seller),
        "BG-7": _party(invoice.buyer),
        "BG-23": [
            {
                "BT-116": _money(each.net),
                "BT-117": _money(each.vat),
                "BT-118": _category(each.rate),
                "BT-119": _percent(each.rate),
            }
            for each in amounts.rates
        ],
        "BG-25": [
            {
                "BT-126": str(number),
                "BT-129": "1",
                "BT-130": _ONE,
                "BT-131": _money(net),
                "BT-134": line.since,
                "BT-135": line.until,
                "BT-146": _money(net),
                "BT-151": _category(line.rate),
                "BT-152": _percent(line.rate),
                "BT-153": line.name,
                "BT-154": line.description,
            }
            for number, (line, net) in enumerate(zip(invoice.lines, amounts.nets, strict=True), 1)
        ],
    }
    if amounts.rounding.minor:
        fields["BT-114"] = _money(amounts.rounding)
    if invoice.due_on is not None:
        fields["BT-9"] = invoice.due_on
    if isinstance(invoice, ElectronicCreditNote):
        fields["BT-3"] = _CREDIT
        fields["BG-3"] = [{"BT-25": invoice.credits, "BT-26": invoice.credits_on}]
    return fields


def _seller(billing: BillingDetails) -> dict[str, Any]:
    """The issuer; without a VAT id it is known by its tax number."""
    known = {} if billing.vat_id else {"identifiers": {None: billing.tax_number}}
    return {**_party(billing), **known}


def _party(billing: BillingDetails) -> dict[str, str]:
    fields = {
        "name": billing.legal_name,
        "addr_l1": billing.street,
        "postcode": billing.postal_code,
        "city": billing.city,
        "country_code": billing.country,
        "vat_identifier": billing.vat_id,
        "tax_identifier": billing.tax_number,
    }
    return {name: text for name, text in fields.items() if text}


def _category(rate: Decimal) -> str:
    return _STANDARD if rate else _ZERO


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}"


def _money(money: Money) -> str:
    return f"{money.amount:f}"
