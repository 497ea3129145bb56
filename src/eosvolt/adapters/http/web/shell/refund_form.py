"""What the forms of refunds have in common."""

import re

from eosvolt.adapters.http.framework.texts import gettext

LONGEST_REASON = 500
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,4})?", re.ASCII)


def refund_problems(typed: dict[str, str]) -> dict[str, str]:
    """What is wrong with ``amount`` and ``reason``, by field; an empty amount is all that is left."""
    wrong: dict[str, str] = {}
    if typed["amount"] and not _AMOUNT.fullmatch(typed["amount"]):
        wrong["amount"] = gettext("This is an amount like 12.50.")
    if not typed["reason"]:
        wrong["reason"] = gettext("Please say why it is refunded.")
    elif len(typed["reason"]) > LONGEST_REASON:
        wrong["reason"] = gettext("A reason has at most {number} characters.", number=LONGEST_REASON)
    return wrong
