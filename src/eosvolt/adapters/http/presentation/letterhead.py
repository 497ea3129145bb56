"""What all documents have in common: who issues them, their logo, and how they are downloaded."""

from babel import Locale
from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.texts import current, gettext
from eosvolt.application.images import Picture
from eosvolt.projections.companies import CompanyRow

PDF = "application/pdf"


def attachment(content: bytes, name: str, media_type: str = PDF) -> Response:
    """A document to download; ``name`` is the name of the file, in ASCII."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


async def logo_of(dependencies: Dependencies, issuer: CompanyRow) -> Picture | None:
    """The company's logo; ``None`` without one."""
    return await dependencies.pictures.picture(issuer.company, issuer.logo) if issuer.logo else None


def issuer_name(company: CompanyRow) -> str:
    """The company's name as a document has it."""
    return company.billing.legal_name or company.name


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
