"""Frames that wait to be written: each charger's in their order, with room shared fairly.

Where there is no room, whoever takes most of it loses the oldest of what is theirs: first among companies,
then among the chargers of a company. One charger's flood never pushes out what others said.
"""

from collections import deque
from collections.abc import Iterable

from eosvolt.application.ports import Frame

# Memory that a frame takes beside its text.
OVERHEAD = 400
Key = tuple[int, str]


class FairQueue:
    """A queue of frames by charger. Sizes are bytes of memory, roughly."""

    def __init__(self) -> None:
        """Nothing waits yet."""
        self._queues: dict[Key, deque[Frame]] = {}
        self._held: dict[Key, int] = {}
        self._frames = 0
        self.size = 0

    def __len__(self) -> int:
        """How many frames wait."""
        return self._frames

    def add(self, frame: Frame) -> None:
        """Let a frame wait behind its charger's others."""
        key = (frame.company, frame.charge_point)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = deque()
        queue.append(frame)
        self._count(key, frame, 1)

    def take(self, most: int) -> list[Frame]:
        """Up to ``most`` frames, of each charger its oldest."""
        batch: list[Frame] = []
        while self._queues and len(batch) < most:
            share = max(1, (most - len(batch)) // len(self._queues))
            for key in list(self._queues):
                queue = self._queues.pop(key)
                for _ in range(min(share, len(queue), most - len(batch))):
                    frame = queue.popleft()
                    self._count(key, frame, -1)
                    batch.append(frame)
                if queue:
                    # Behind those whose turn has not come yet.
                    self._queues[key] = queue
                if len(batch) >= most:
                    break
        return batch

    def give_back(self, batch: Iterable[Frame]) -> None:
        """Put frames that were taken before their chargers' others, in the order in which they were taken."""
        for frame in reversed(list(batch)):
            key = (frame.company, frame.charge_point)
            self._queues.setdefault(key, deque()).appendleft(frame)
            self._count(key, frame, 1)

    def shrink(self, room: int) -> list[Frame]:
        """Drop what does not fit into ``room`` bytes and return it."""
        companies: dict[int, dict[Key, int]] = {}
        for key, held in self._held.items():
            companies.setdefault(key[0], {})[key] = held
        most = level([sum(chargers.values()) for chargers in companies.values()], room)
        dropped: list[Frame] = []
        for chargers in companies.values():
            if sum(chargers.values()) <= most:
                continue
            share = level(chargers.values(), most)
            for key in chargers:
                queue = self._queues[key]
                while self._held.get(key, 0) > share:
                    frame = queue.popleft()
                    self._count(key, frame, -1)
                    dropped.append(frame)
                if not queue:
                    del self._queues[key]
        return dropped

    def _count(self, key: Key, frame: Frame, sign: int) -> None:
        size = sign * (len(frame.text) + OVERHEAD)
        self._frames += sign
        self.size += size
        held = self._held.get(key, 0) + size
        if held:
            self._held[key] = held
        else:
            del self._held[key]


def level(sizes: Iterable[int], room: int) -> int:
    """The most that each may have, so that all together fit into ``room``; those with less keep theirs."""
    left, ordered = room, sorted(sizes)
    for index, size in enumerate(ordered):
        share = left // (len(ordered) - index)
        if size > share:
            return share
        left -= size
    return ordered[-1] if ordered else room
