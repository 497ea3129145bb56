"""Which of several stretches of a clock claim the same minute."""

Stretch = tuple[int, int, int]


def wrapped(starts: int, ends: int, index: int, turn: int) -> list[Stretch]:
    """The stretch ``[starts, ends)`` of an owner on a clock that begins anew after ``turn`` minutes."""
    if ends <= turn:
        return [(starts, ends, index)]
    return [(starts, turn, index), (0, ends - turn, index)]


def overlaps(stretches: list[Stretch]) -> set[tuple[int, int]]:
    """Pairs of owners whose stretches ``(starts, ends, owner)`` claim the same minute, the smaller one first.

    Compares each stretch with the earlier one that ends last, in one pass over the sorted stretches.
    """
    pairs: set[tuple[int, int]] = set()
    reached, owner = 0, -1
    for starts, ends, index in sorted(stretches):
        if starts < reached:
            pairs.add((min(owner, index), max(owner, index)))
        if ends > reached:
            reached, owner = ends, index
    return pairs
