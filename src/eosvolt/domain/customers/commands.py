"""What one can ask of a customer."""

from datetime import datetime

from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.kernel import Command


class AddCustomer(Command, frozen=True):
    """Let the company know a customer under an id that was never used."""

    company: int
    at: datetime
    language: CompanyLanguage = CompanyLanguage.ENGLISH


class ChangeCustomer(Command, frozen=True):
    """Say that language or personal data changed; ``record`` is the version of the data from now on."""

    at: datetime
    language: CompanyLanguage
    record: int


class AddCustomerToken(Command, frozen=True):
    """Let the customer charge with a token, by its uid in upper case."""

    at: datetime
    token: str


class RemoveCustomerToken(Command, frozen=True):
    """Take a token from the customer."""

    at: datetime
    token: str


class ChangeMembership(Command, frozen=True):
    """Let the customer belong to these groups, by their ids, and to no others."""

    at: datetime
    groups: tuple[str, ...]


class EraseCustomer(Command, frozen=True):
    """Say that the personal data is deleted. All tokens have been taken away."""

    at: datetime


CustomerCommand = (
    AddCustomer | ChangeCustomer | AddCustomerToken | RemoveCustomerToken | ChangeMembership | EraseCustomer
)
