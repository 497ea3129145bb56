"""OCPP frames as the API shows and writes them."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal

import msgspec

from eosvolt.application.ports import Frame

LogFormat = Literal["text", "ndjson"]
MEDIA: dict[LogFormat, str] = {"text": "text/plain", "ndjson": "application/x-ndjson"}
ENDINGS: dict[LogFormat, str] = {"text": "log", "ndjson": "ndjson"}


class FrameView(msgspec.Struct, frozen=True, rename="camel"):
    """One OCPP frame; ``direction`` is in (from the charger) or out. ``outcome`` is its processing."""

    at: datetime
    direction: str
    connection: str
    message_id: str
    action: str
    outcome: str
    text: str


def frame_view(frame: Frame) -> FrameView:
    """A frame as the API shows it."""
    return FrameView(
        frame.at,
        frame.direction,
        frame.connection,
        frame.message_id,
        frame.action,
        frame.outcome,
        frame.text,
    )


async def written(frames: AsyncIterator[Frame], kind: LogFormat) -> AsyncIterator[bytes]:
    """Frames as lines of a file."""
    async for frame in frames:
        if kind == "ndjson":
            yield msgspec.json.encode(frame_view(frame)) + b"\n"
        else:
            arrow = "→" if frame.direction == "in" else "←"
            # A frame is always one line.
            text = frame.text.replace("\r", "\\r").replace("\n", "\\n")
            yield f"{frame.at.isoformat()} {arrow} {text}\n".encode("utf-8", "replace")
