"""Streams the first file of a multipart form without buffering it."""

from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MOST_HEADER_BYTES = 16 * 1024


class NotAForm(Exception):  # noqa: N818 - an answer to whoever uploads
    """The body is not a multipart form, or contains no file."""


class FormFile:
    """Reads the first part of a form that has a file name."""

    def __init__(self, boundary: bytes) -> None:
        """``boundary`` is that of the content type."""
        self.name = ""
        self._found: list[bytes] = []
        self._field = bytearray()
        self._value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._part = 0
        self._taken = 0
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_end": self._on_end,
            },
        )

    async def content(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The content of the file. Raises ``NotAForm``."""
        try:
            async for chunk in body:
                self._parser.write(chunk)
                for found in self._found:
                    yield found
                self._found.clear()
            self._parser.finalize()
        except FormParserError:
            raise NotAForm from None
        if not self._taken or not self._ended:
            raise NotAForm

    def _begin(self) -> None:
        self._part += 1
        self._headers = {}

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]
        self._measure()

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._measure()

    def _on_header(self) -> None:
        self._headers[bytes(self._field).lower()] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if not self._taken and b"filename" in options:
            self._taken = self._part
            self.name = options[b"filename"].decode("utf-8", "replace")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._part == self._taken:
            self._found.append(data[start:end])

    def _on_end(self) -> None:
        self._ended = True

    def _measure(self) -> None:
        if len(self._field) + len(self._value) > MOST_HEADER_BYTES:
            raise NotAForm


def boundary_of(content_type: str) -> bytes | None:
    """The boundary of a multipart form; ``None`` for any other content type."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary") if kind == b"multipart/form-data" else None
