"""Judges support contacts as they were typed: the domain's rules and the e-mail address."""

from collections.abc import Iterator

from eosvolt.application.email_addresses import is_email_address
from eosvolt.domain import support
from eosvolt.domain.support import SupportContact


def problems(contact: SupportContact) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a contact, as pairs of a field of ``SupportContact`` and a sentence."""
    yield from support.problems(contact)
    if contact.email and len(contact.email) <= support.LONGEST_EMAIL and not is_email_address(contact.email):
        yield "email", "This is not an e-mail address."
