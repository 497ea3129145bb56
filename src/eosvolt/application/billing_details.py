"""Judges billing data, of a company or of a customer: the domain's rules, countries and VAT ids."""

from collections.abc import Iterator

import pycountry

from eosvolt.application import vat_ids
from eosvolt.domain.companies.settings import BillingDetails, billing_problems


def tidied(billing: BillingDetails) -> BillingDetails:
    """The data without white space around texts, and codes in capitals."""
    return BillingDetails(
        legal_name=billing.legal_name.strip(),
        street=billing.street.strip(),
        postal_code=billing.postal_code.strip(),
        city=billing.city.strip(),
        country=billing.country.strip().upper(),
        vat_id=vat_ids.compact(billing.vat_id),
        tax_number=billing.tax_number.strip(),
    )


def problems(billing: BillingDetails) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with tidied data, as pairs of a field and a sentence."""
    yield from billing_problems(billing)
    if billing.country and pycountry.countries.get(alpha_2=billing.country) is None:
        yield "country", "A country is a code of two letters (ISO 3166-1), for example DE."
    if billing.vat_id and not vat_ids.is_vat_id(billing.vat_id, billing.country):
        yield "vat_id", "This is not a VAT id: its country, its length or its check digits are wrong."
