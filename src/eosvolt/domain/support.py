"""The support contact that a company or a location shows to drivers."""

import re
from collections.abc import Iterator

import msgspec

LONGEST_PHONE = 40
LONGEST_EMAIL = 254
LONGEST_HOURS = 200
LONGEST_INSTRUCTIONS = 1_000

# A number as people write it, also a short code or one with an extension (ITU-T E.123).
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*( ?(ext\.?|x) ?[0-9]{1,8})?", re.ASCII)
_FEWEST_DIGITS, _MOST_DIGITS = 3, 24


class SupportContact(msgspec.Struct, frozen=True, omit_defaults=True):
    """How drivers reach support: texts, each empty if there is none.

    ``hours`` is free text such as "Mon-Fri 8:00-18:00"; nothing is computed from it. With
    ``restart_instructions`` drivers restart a charger themselves while nobody answers; only companies have
    them.
    """

    phone: str = ""
    email: str = ""
    hours: str = ""
    restart_instructions: str = ""

    def __bool__(self) -> bool:
        """Whether there is any way to reach support."""
        return bool(self.phone or self.email)


def stripped(contact: SupportContact) -> SupportContact:
    """The contact without white space around its texts."""
    return SupportContact(
        contact.phone.strip(),
        contact.email.strip(),
        contact.hours.strip(),
        contact.restart_instructions.strip(),
    )


def problems(contact: SupportContact) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a contact, as pairs of a field and a sentence.

    The e-mail address is judged by ``application.support_contacts``, which has a library for it.
    """
    if contact.phone and not _is_phone_number(contact.phone):
        yield "phone", "A phone number has 3 to 24 digits, for example +49 40 1234567."
    if len(contact.email) > LONGEST_EMAIL:
        yield "email", f"An e-mail address has at most {LONGEST_EMAIL:d} characters."
    if len(contact.hours) > LONGEST_HOURS:
        yield "hours", f"Support hours have at most {LONGEST_HOURS:d} characters."
    if len(contact.restart_instructions) > LONGEST_INSTRUCTIONS:
        yield "restart_instructions", f"Instructions have at most {LONGEST_INSTRUCTIONS:d} characters."


def _is_phone_number(text: str) -> bool:
    digits = sum(each.isdigit() for each in text)
    return (
        len(text) <= LONGEST_PHONE
        and _FEWEST_DIGITS <= digits <= _MOST_DIGITS
        and _PHONE.fullmatch(text) is not None
    )
