"""A queue of frames to be written, in order for each charger, with memory shared fairly.

If memory runs out, the oldest frames of the largest user are dropped: first among companies, then among the
chargers of a company. So one charger's flood never displaces the frames of others.
"""

from collections import deque
from collections.abc import Iterable

from eosvolt.application.ports import Frame

# Bytes of memory that a frame takes beside its text.
OVERHEAD = 400


class _Line:
    """The frames of one charger, and their size in bytes."""

    __slots__ = ("company", "frames", "held")

    def __init__(self, company: int) -> None:
        self.company = company
        self.frames: deque[Frame] = deque()
        self.held = 0


class FairQueue:
    """A queue of frames by charger. Sizes are bytes of memory, roughly."""

    def __init__(self) -> None:
        """An empty queue."""
        self._lines: dict[str, _Line] = {}
        self._frames = 0
        self.size = 0

    def __len__(self) -> int:
        """The number of frames that wait."""
        return self._frames

    def add(self, frame: Frame) -> None:
        """Append a frame behind its charger's others."""
        line = self._lines.get(frame.charge_point)
        if line is None:
            line = self._lines[frame.charge_point] = _Line(frame.company)
        line.frames.append(frame)
        size = len(frame.text) + OVERHEAD
        line.held += size
        self.size += size
        self._frames += 1

    def take(self, most: int) -> list[Frame]:
        """Remove and return up to ``most`` frames, the oldest of each charger first."""
        batch: list[Frame] = []
        while self._lines and len(batch) < most:
            share = max(1, (most - len(batch)) // len(self._lines))
            for charger in list(self._lines):
                line = self._lines.pop(charger)
                turn = min(share, len(line.frames), most - len(batch))
                batch += [self._popped(line) for _ in range(turn)]
                if line.frames:
                    # The charger moves behind those that had no turn yet.
                    self._lines[charger] = line
                if len(batch) >= most:
                    break
        return batch

    def give_back(self, batch: Iterable[Frame]) -> None:
        """Put taken frames back in front of their chargers' others, in the order in which they were taken."""
        for frame in reversed(list(batch)):
            line = self._lines.setdefault(frame.charge_point, _Line(frame.company))
            line.frames.appendleft(frame)
            size = len(frame.text) + OVERHEAD
            line.held += size
            self.size += size
            self._frames += 1

    def shrink(self, room: int) -> list[Frame]:
        """Drop frames until the rest fits into ``room`` bytes; return the dropped ones."""
        companies: dict[int, dict[str, _Line]] = {}
        for charger, line in self._lines.items():
            companies.setdefault(line.company, {})[charger] = line
        held = {company: sum(line.held for line in lines.values()) for company, lines in companies.items()}
        most = level(held.values(), room)
        dropped: list[Frame] = []
        for company, lines in companies.items():
            if held[company] <= most:
                continue
            share = level([line.held for line in lines.values()], most)
            for charger, line in lines.items():
                while line.held > share:
                    dropped.append(self._popped(line))
                if not line.frames:
                    del self._lines[charger]
        return dropped

    def _popped(self, line: _Line) -> Frame:
        frame = line.frames.popleft()
        size = len(frame.text) + OVERHEAD
        line.held -= size
        self.size -= size
        self._frames -= 1
        return frame


def level(sizes: Iterable[int], room: int) -> int:
    """The limit for each size at which all sizes together fit into ``room``; smaller sizes stay."""
    left, ordered = room, sorted(sizes)
    for index, size in enumerate(ordered):
        share = left // (len(ordered) - index)
        if size > share:
            return share
        left -= size
    return ordered[-1] if ordered else room
