"""A token's terms as typed into a form or written in a file, and what is wrong with them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec import UNSET

from eosvolt.adapters.http.framework.plain_text import invisible_characters
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.query_parameters import instant
from eosvolt.application.operations.tokens import TokenChangeInput, TokenIssue, TokenTerms
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.domain.tokens.uid import folded

STATES = {"accepted": Text("Accepted"), "blocked": Text("Blocked"), "expired": Text("Expired")}
FIELDS = ("uid", "label", "status", "group", "expiresAt", "concurrent")
LONGEST_LABEL = 200

_UID = re.compile(r"[!-~](?:[ -~]{0,34}[!-~])?")
_ANSWERS = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}


class TermTexts(NamedTuple):
    """The texts of a token's terms; ``None`` for one that is not given, so that it stays."""

    uid: str
    label: str | None = None
    status: str | None = None
    group: str | None = None
    expires_at: str | None = None
    concurrent: str | None = None


def terms_of(texts: Mapping[str, str]) -> TermTexts:
    """The terms by the names of the fields."""
    uid, *others = (texts.get(name) for name in FIELDS)
    return TermTexts(uid or "", *others)


def problems(terms: TermTexts, zone: str) -> dict[str, str]:
    """All that is wrong, by field. Times without an offset are of ``zone``."""
    wrong = {name: invisible_characters(text or "", name) for name, text in zip(FIELDS, terms, strict=True)}
    if not _UID.fullmatch(folded(terms.uid)):
        wrong["uid"] = wrong["uid"] or gettext(
            "1 to 36 characters: letters, digits, signs, and blanks between them."
        )
    if terms.group and folded(terms.group) and not _UID.fullmatch(folded(terms.group)):
        wrong["group"] = wrong["group"] or gettext(
            "At most 36 characters: letters, digits, signs, and blanks between them."
        )
    if len(terms.label or "") > LONGEST_LABEL:
        wrong["label"] = gettext("At most {longest_label} characters.", longest_label=LONGEST_LABEL)
    if (terms.status or "accepted").casefold() not in STATES:
        wrong["status"] = gettext("One of {states}.", states=", ".join(STATES))
    if terms.expires_at and _moment(terms.expires_at, zone) is None:
        wrong["expiresAt"] = gettext("A date and a time, for example 2027-12-31T23:59, or nothing.")
    if (terms.concurrent or "").casefold() not in _ANSWERS:
        wrong["concurrent"] = gettext("yes or no.")
    return {name: sentence for name, sentence in wrong.items() if sentence}


def change_of(terms: TermTexts, zone: str, seen: frozenset[int] | None = None) -> TokenChangeInput:
    """The values of terms without problems; terms that are not given stay."""
    return TokenChangeInput(
        uid=terms.uid,
        status=UNSET
        if terms.status is None
        else TokenStatus(terms.status.casefold() or TokenStatus.ACCEPTED),
        group=UNSET if terms.group is None else terms.group,
        expires_at=UNSET if terms.expires_at is None else _moment(terms.expires_at, zone),
        label=UNSET if terms.label is None else terms.label,
        concurrent=UNSET if terms.concurrent is None else _ANSWERS[terms.concurrent.casefold()],
        seen=seen,
    )


def issue_of(terms: TermTexts, zone: str) -> TokenIssue:
    """A new token with terms without problems."""
    change = change_of(terms, zone)
    known = {name: getattr(change, name) for name in TokenTerms.__struct_fields__}
    new_terms = TokenTerms(**{name: value for name, value in known.items() if value is not UNSET})
    return TokenIssue(uid=terms.uid, terms=new_terms, replace=False)


def is_uid(text: str) -> bool:
    """Whether a text is the number of a token, in any case."""
    return _UID.fullmatch(folded(text)) is not None


def _moment(text: str, zone: str) -> datetime | None:
    """A date alone is no instant: whether its day counts would be a guess."""
    return instant(text, zone) if ":" in text else None
