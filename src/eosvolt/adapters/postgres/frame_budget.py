"""How many frames are kept: a budget in bytes for each charger and company; unprocessed frames are cut.

Sizes are those of the text before compression.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from eosvolt.application.ports import Frame

DAY_SECONDS = 86_400
# Bytes on disk of a row of the log and its index entry, beside its text.
ROW_BYTES = 200
# An unprocessed frame is cut to this many characters, and its digest is kept.
UNPROCESSED_KEPT = 2_048
UNPROCESSED = ("ignored", "repeated", "late")


@dataclass(slots=True)
class _Bucket:
    """A token bucket: the bytes that may still be kept, refilled evenly up to a day's budget."""

    left: float
    at: float


class FrameBudgets:
    """Token buckets of a day's bytes, so that a quiet charger may send a day's worth at once."""

    def __init__(self, charger_bytes: int, company_bytes: int, clock: Callable[[], float]) -> None:
        """Bytes a day for one charger and for all of a company; ``clock`` gives monotonic seconds."""
        self._charger_bytes = charger_bytes
        self._company_bytes = company_bytes
        self._clock = clock
        self._chargers: dict[str, _Bucket] = {}
        self._companies: dict[int, _Bucket] = {}

    def admitted(self, frame: Frame) -> Frame | None:
        """The frame to keep, cut if it was not processed; ``None`` if the budget is used up."""
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
        # Read the clock only if needed, because this runs for every message.
        if charger.left < size and not self._filled(charger, self._charger_bytes, size):
            return None
        if company.left < size and not self._filled(company, self._company_bytes, size):
            return None
        charger.left -= size
        company.left -= size
        return cut(frame) if unprocessed else frame

    def _filled(self, bucket: _Bucket, most: int, size: int) -> bool:
        """Refill the bucket for the time since the last refill; return whether it now holds ``size``."""
        now = self._clock()
        bucket.left = min(most, bucket.left + (now - bucket.at) * most / DAY_SECONDS)
        bucket.at = now
        return bucket.left >= size


def is_unprocessed(frame: Frame) -> bool:
    """Whether the frame had no effect: unreadable, refused, repeated or too late."""
    return frame.outcome in UNPROCESSED or frame.outcome.startswith("error:")


def cut(frame: Frame) -> Frame:
    """The beginning of the frame, with the size and the SHA-256 of all of it."""
    whole = frame.text.encode("utf-8", "surrogatepass")
    note = f" … cut: {len(whole)} bytes in all, SHA-256 {hashlib.sha256(whole).hexdigest()}"
    return frame._replace(text=frame.text[:UNPROCESSED_KEPT] + note)


def byte_length(text: str) -> int:
    """The size of the text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
