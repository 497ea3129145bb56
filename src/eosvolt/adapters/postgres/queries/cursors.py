"""Opaque cursors: the sort key and tie-break of a page's last item, after which the next page begins."""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any

import msgspec

from eosvolt.application.questions import Unanswerable


def written(sort: str, *after: int | str | datetime | tuple[timedelta, datetime] | None) -> str:
    """The cursor after an item, for lists sorted by ``sort``."""
    return base64.urlsafe_b64encode(msgspec.json.encode([sort, *after])).decode().rstrip("=")


def read(cursor: str, sort: str, kind: type[Any]) -> tuple[Any, int | str]:
    """The sort key and the tie-break in a cursor.

    Raises ``Unanswerable`` for the cursor of another list.
    """
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found, key, tie = msgspec.json.decode(plain, type=tuple[str, Any, int | str])
        key = None if key is None else msgspec.convert(key, kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise Unanswerable("This cursor is not one of this list.") from error
    if found != sort or (isinstance(tie, str) and "\0" in tie) or (isinstance(key, str) and "\0" in key):
        raise Unanswerable("This cursor belongs to another order of the list.")
    if any(isinstance(each, int) and abs(each) >= 2**63 for each in (key, tie)):
        raise Unanswerable("This cursor is not one of this list.")
    return key, tie
