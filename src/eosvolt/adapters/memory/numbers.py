"""Session numbers that are new within the process."""


class MemoryNumbers:
    """Counts up from where the real sequence begins."""

    def __init__(self, first: int = 170_001) -> None:
        """``first`` is the first number given."""
        self._next = first

    async def next_session(self) -> int:
        """A number that was never returned before by this object."""
        number = self._next
        self._next += 1
        return number
