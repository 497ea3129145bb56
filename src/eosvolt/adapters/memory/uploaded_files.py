"""Files that chargers uploaded, in memory."""

import itertools


class MemoryFiles:
    """Keeps files in dictionaries; ``finished`` holds the SHA-256 of those that are whole."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self.parts: dict[int, list[bytes]] = {}
        self.finished: dict[int, str] = {}
        self._numbers = itertools.count(1)

    async def begin(self, upload: str) -> int:
        """A new file for this upload, still empty; its number."""
        del upload
        file = next(self._numbers)
        self.parts[file] = []
        return file

    async def add(self, file: int, number: int, content: bytes) -> None:
        """Its part ``number``, from 0."""
        if number != len(self.parts[file]):
            raise ValueError(f"part {number} of a file that has {len(self.parts[file])}")
        self.parts[file].append(content)

    async def finish(self, file: int, sha256: str) -> None:
        """All of it is here."""
        self.finished[file] = sha256

    async def drop(self, file: int) -> None:
        """Nobody wants it."""
        self.parts.pop(file, None)
        self.finished.pop(file, None)
