"""Judges VAT identification numbers by their form and check digits, with the library ``python-stdnum``.

Nothing is looked up: whether a number was given to somebody is known by the tax office alone (VIES).
"""

import re
from typing import Protocol, cast

from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

LONGEST_VAT_ID = 40

# The beginnings of numbers outside the European Union, and where the library has their rules.
_ELSEWHERE = {"CHE": ("ch", "vat"), "NO": ("no", "mva"), "GB": ("gb", "vat")}
_MEMBERS = frozenset((*eu_vat.MEMBER_STATES, "el", "xi"))
_OTHERS = re.compile(r"[0-9A-Z][0-9A-Z./-]{2,29}", re.ASCII)


class _Rules(Protocol):
    """The rules for the numbers of one country."""

    def validate(self, number: str) -> str: ...


def compact(vat_id: str) -> str:
    """The number in capitals without blanks; Greek ones begin with ``EL`` (2006/112/EC, art. 215)."""
    text = "".join(vat_id.split()).upper()
    return f"EL{text[2:]}" if text.startswith("GR") else text


def is_vat_id(vat_id: str, country: str) -> bool:
    """Whether a compact number is a VAT id.

    Numbers that begin like one of the European Union, Great Britain, Norway or Switzerland keep its rules; in
    those countries (``country``, ISO 3166-1 alpha-2) no others are taken. Elsewhere the form alone counts.
    """
    if not vat_id.isascii() or len(vat_id) > LONGEST_VAT_ID:
        return False
    for start, (module, kind) in _ELSEWHERE.items():
        if vat_id.startswith(start):
            return _keeps(cast("_Rules", get_cc_module(module, kind)), vat_id)
    if vat_id[:2].lower() in _MEMBERS or _has_rules(country):
        return _keeps(cast("_Rules", eu_vat), vat_id)
    return _OTHERS.fullmatch(vat_id) is not None


def _has_rules(country: str) -> bool:
    return country.lower() in _MEMBERS or country in {"CH", "LI", "NO", "GB"}


def _keeps(rules: _Rules, vat_id: str) -> bool:
    try:
        rules.validate(vat_id)
    except ValidationError:
        return False
    return True
