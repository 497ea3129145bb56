"""What all documents have in common: who issues them."""

from babel import Locale

from eosvolt.adapters.http.framework.texts import current, gettext
from eosvolt.projections.companies import CompanyRow


def issuer_lines(company: CompanyRow) -> list[str]:
    """The lines of the company's address and its tax numbers, as far as they are known."""
    billing = company.billing
    country = Locale.parse(current().locale).territories.get(billing.country, billing.country)
    lines = [
        company.name if billing.legal_name and billing.legal_name != company.name else "",
        billing.street,
        f"{billing.postal_code} {billing.city}".strip(),
        country,
        gettext("VAT id {vat_id}", vat_id=billing.vat_id) if billing.vat_id else "",
        gettext("Tax number {tax_number}", tax_number=billing.tax_number) if billing.tax_number else "",
    ]
    return [line for line in lines if line]
