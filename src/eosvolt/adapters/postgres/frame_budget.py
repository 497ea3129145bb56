"""How many frames are kept: a budget in bytes for each charger and company; unprocessed frames are cut.

Sizes are those of the text, whatever compression made of it on the wire.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from eosvolt.application.ports import Frame

DAY_SECONDS = 86_400
# What a row of the log takes on disk beside its text, with its place in the index.
ROW_BYTES = 200
# Of a frame that is no evidence of anything so many characters are kept, and its digest.
UNPROCESSED_KEPT = 2_048
UNPROCESSED = ("ignored", "repeated", "late")


@dataclass(slots=True)
class _Bucket:
    """Bytes that may still be kept, filled up evenly to a day's worth."""

    left: float
    at: float


class FrameBudgets:
    """Buckets of a day's bytes: whoever was quiet may say a day's worth at once."""

    def __init__(self, charger_bytes: int, company_bytes: int, clock: Callable[[], float]) -> None:
        """Bytes a day for one charger and for all of a company; ``clock`` gives monotonic seconds."""
        self._charger_bytes = charger_bytes
        self._company_bytes = company_bytes
        self._clock = clock
        self._chargers: dict[str, _Bucket] = {}
        self._companies: dict[int, _Bucket] = {}

    def admitted(self, frame: Frame) -> Frame | None:
        """The frame as it is kept, cut where it was not processed; ``None`` where the budget is used up."""
        text = frame.text
        unprocessed = len(text) > UNPROCESSED_KEPT and is_unprocessed(frame)
        size = ROW_BYTES + (
            UNPROCESSED_KEPT if unprocessed else len(text) if text.isascii() else byte_length(text)
        )
        charger = self._chargers.get(frame.charge_point)
        if charger is None:
            charger = self._chargers[frame.charge_point] = _Bucket(self._charger_bytes, self._clock())
        company = self._companies.get(frame.company)
        if company is None:
            company = self._companies[frame.company] = _Bucket(self._company_bytes, self._clock())
        # The time is asked for where it matters only: this happens for every message.
        if charger.left < size and not self._filled(charger, self._charger_bytes, size):
            return None
        if company.left < size and not self._filled(company, self._company_bytes, size):
            return None
        charger.left -= size
        company.left -= size
        return cut(frame) if unprocessed else frame

    def _filled(self, bucket: _Bucket, most: int, size: int) -> bool:
        """Add what the time since the last filling gives; whether that is enough."""
        now = self._clock()
        bucket.left = min(most, bucket.left + (now - bucket.at) * most / DAY_SECONDS)
        bucket.at = now
        return bucket.left >= size


def is_unprocessed(frame: Frame) -> bool:
    """Whether nothing followed from the frame: unreadable, refused, said before or too late."""
    return frame.outcome in UNPROCESSED or frame.outcome.startswith("error:")


def cut(frame: Frame) -> Frame:
    """The beginning of the frame, with the size and the SHA-256 of all of it."""
    whole = frame.text.encode("utf-8", "surrogatepass")
    note = f" … cut: {len(whole)} bytes in all, SHA-256 {hashlib.sha256(whole).hexdigest()}"
    return frame._replace(text=frame.text[:UNPROCESSED_KEPT] + note)


def byte_length(text: str) -> int:
    """The size of the text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
