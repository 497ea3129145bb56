"""Tables as plain lines: a header, columns as wide as needed, numbers right-aligned."""

from collections.abc import Iterator, Sequence


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()
) -> Iterator[str]:
    """The lines of a table; the columns numbered ``right`` (from 0) are aligned to the right."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
