"""Frames that wait to be written: each charger's in their order, with room shared fairly.

Where there is no room, whoever takes most of it loses the oldest of what is theirs: first among companies,
then among the chargers of a company. One charger's flood never pushes out what others said.
"""

from collections import deque
from collections.abc import Iterable

from eosvolt.application.ports import Frame

# Memory that a frame takes beside its text.
OVERHEAD = 400


class _Line:
    """The frames of one charger, and the bytes that they take."""

    __slots__ = ("company", "frames", "held")

    def __init__(self, company: int) -> None:
        self.company = company
        self.frames: deque[Frame] = deque()
        self.held = 0


class FairQueue:
    """A queue of frames by charger. Sizes are bytes of memory, roughly."""

    def __init__(self) -> None:
        """Nothing waits yet."""
        self._lines: dict[str, _Line] = {}
        self._frames = 0
        self.size = 0

    def __len__(self) -> int:
        """How many frames wait."""
        return self._frames

    def add(self, frame: Frame) -> None:
        """Let a frame wait behind its charger's others."""
        line = self._lines.get(frame.charge_point)
        if line is None:
            line = self._lines[frame.charge_point] = _Line(frame.company)
        line.frames.append(frame)
        size = len(frame.text) + OVERHEAD
        line.held += size
        self.size += size
        self._frames += 1

    def take(self, most: int) -> list[Frame]:
        """Up to ``most`` frames, of each charger its oldest."""
        batch: list[Frame] = []
        while self._lines and len(batch) < most:
            share = max(1, (most - len(batch)) // len(self._lines))
            for charger in list(self._lines):
                line = self._lines.pop(charger)
                turn = min(share, len(line.frames), most - len(batch))
                batch += [self._popped(line) for _ in range(turn)]
                if line.frames:
                    # Behind those whose turn has not come yet.
                    self._lines[charger] = line
                if len(batch) >= most:
                    break
        return batch

    def give_back(self, batch: Iterable[Frame]) -> None:
        """Put frames that were taken before their chargers' others, in the order in which they were taken."""
        for frame in reversed(list(batch)):
            line = self._lines.setdefault(frame.charge_point, _Line(frame.company))
            line.frames.appendleft(frame)
            size = len(frame.text) + OVERHEAD
            line.held += size
            self.size += size
            self._frames += 1

    def shrink(self, room: int) -> list[Frame]:
        """Drop what does not fit into ``room`` bytes and return it."""
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
    """The most that each may have, so that all together fit into ``room``; those with less keep theirs."""
    left, ordered = room, sorted(sizes)
    for index, size in enumerate(ordered):
        share = left // (len(ordered) - index)
        if size > share:
            return share
        left -= size
    return ordered[-1] if ordered else room
