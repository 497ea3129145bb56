"""Addresses and tax numbers of whoever issues or gets invoices, as the API takes them."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.framework.api_types import ApiInput, ShortText
from eosvolt.domain.companies.settings import LONGEST_POSTCODE, LONGEST_TAX_NUMBER

Postcode = Annotated[str, Meta(max_length=LONGEST_POSTCODE)]
Country = Annotated[
    str, Meta(max_length=2, pattern=r"^([A-Za-z]{2})?$", description="ISO 3166-1 alpha-2; may be empty.")
]
VatId = Annotated[
    str, Meta(max_length=40, description="With its country, e.g. DE136695976; its digits are checked.")
]
TaxNumber = Annotated[str, Meta(max_length=LONGEST_TAX_NUMBER)]


class BillingAddressInput(ApiInput, frozen=True, kw_only=True):
    """The address and the tax numbers of whoever issues or gets invoices."""

    street: ShortText = ""
    postal_code: Postcode = ""
    city: ShortText = ""
    country: Country = ""
    vat_id: VatId = ""
    tax_number: TaxNumber = ""


class BillingAddressChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the address and the tax numbers."""

    street: ShortText | UnsetType | None = UNSET
    postal_code: Postcode | UnsetType | None = UNSET
    city: ShortText | UnsetType | None = UNSET
    country: Country | UnsetType | None = UNSET
    vat_id: VatId | UnsetType | None = UNSET
    tax_number: TaxNumber | UnsetType | None = UNSET
