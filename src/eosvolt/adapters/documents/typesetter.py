"""Sets documents with Typst, in a thread and one of each kind at a time.

Typst is handed the texts of a document as data (JSON), never as markup, so nothing in a name is executed. It
sees one folder with the logo and what templates share, and nothing else. Its fonts are those of the packages
``manimgx-fonts`` and ``manimgx-fonts-cjk`` (Noto, SIL Open Font License), which have the letters of every
script in use.
"""

import asyncio
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Literal

import msgspec
import typst

from eosvolt.adapters.documents.electronic_invoice import electronic_xml, with_xml
from eosvolt.application.images import Picture
from eosvolt.application.invoices import ElectronicCreditNote, ElectronicInvoice, PrintedInvoice
from eosvolt.application.printed_document import PrintedDocument
from eosvolt.application.receipts import Receipt
from eosvolt.application.statements import PrintedStatement
from eosvolt.application.uptime_reports import UptimeReport

_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
_LOGOS = {"image/png": "logo.png", "image/jpeg": "logo.jpg", "image/webp": "logo.webp"}

# What has to be kept for years, and may have files in it.
_TO_KEEP: tuple[Literal["a-3b"], ...] = ("a-3b",)

# What the templates share.
_SHARED = "letterhead.typ"


class Typesetter:
    """Makes PDF files."""

    def __init__(self) -> None:
        """One for each process; fonts are looked for when the first document is set."""
        self._receipts, self._reports = _Press("receipt.typ"), _Press("uptime_report.typ")
        self._invoices = _Press("invoice.typ", _TO_KEEP)
        self._credit_notes = _Press("receipt.typ", _TO_KEEP)
        self._statements = _Press("statement.typ")

    async def receipt(self, receipt: Receipt, logo: Picture | None) -> bytes:
        """The receipt as a PDF."""
        return await asyncio.to_thread(self._receipts.set, receipt, logo)

    async def uptime_report(self, report: UptimeReport, logo: Picture | None) -> bytes:
        """The report as a PDF. No receipt waits for it."""
        return await asyncio.to_thread(self._reports.set, report, logo)

    async def statement(self, statement: PrintedStatement, logo: Picture | None) -> bytes:
        """A statement as a PDF. No receipt waits for it."""
        return await asyncio.to_thread(self._statements.set, statement, logo)

    async def credit_note(
        self, credit_note: Receipt, electronic: ElectronicCreditNote, logo: Picture | None
    ) -> bytes:
        """The credit note to an invoice as a PDF/A-3, with its XML in it as invoices have it."""
        return await asyncio.to_thread(_electronic, self._credit_notes, credit_note, electronic, logo)

    async def invoice(
        self, invoice: PrintedInvoice, electronic: ElectronicInvoice, logo: Picture | None
    ) -> bytes:
        """The invoice as a PDF/A-3 with its XML in it (Factur-X), where EN 16931 has such amounts."""
        return await asyncio.to_thread(_electronic, self._invoices, invoice, electronic, logo)

    async def invoice_xml(self, electronic: ElectronicInvoice) -> bytes:
        """The XML alone. Raises ``ValueError`` where EN 16931 does not have such amounts."""
        return await asyncio.to_thread(electronic_xml, electronic)


def _electronic(
    press: "_Press", document: PrintedDocument, electronic: ElectronicInvoice, logo: Picture | None
) -> bytes:
    """The document with its XML in it, where EN 16931 has such amounts."""
    made = press.set(document, logo)
    if not electronic.possible:
        return made
    return with_xml(
        made,
        electronic_xml(electronic),
        title=f"{document.title} {document.subject}",
        author=document.company,
        language=document.language,
        at=document.at,
    )


class _Press:
    """Sets the documents of one template, one at a time; ``standards`` are those of the PDF."""

    def __init__(self, template: str, standards: tuple[Literal["a-3b"], ...] = ()) -> None:
        self._template = template
        self._standards = standards
        self._turn = Lock()
        self._compiler: typst.Compiler | None = None

    def set(self, document: PrintedDocument, logo: Picture | None) -> bytes:
        """The document as a PDF."""
        here = files(__package__)
        name = "" if logo is None else _LOGOS[logo.media_type]
        data = {**msgspec.to_builtins(document), "logo": name, "dated": bool(self._standards)}
        with self._turn, TemporaryDirectory(prefix="eosvolt-document-") as folder:
            (Path(folder) / _SHARED).write_bytes((here / _SHARED).read_bytes())
            if logo is not None:
                (Path(folder) / name).write_bytes(logo.content)
            self._compiler = self._compiler or typst.Compiler(font_paths=_fonts())
            made = self._compiler.compile(
                (here / self._template).read_bytes(),
                format="pdf",
                root=folder,
                sys_inputs={"document": msgspec.json.encode(data).decode()},
                timestamp=int(document.at.timestamp()),
                pdf_standards=list(self._standards),
            )
        if not isinstance(made, bytes):
            raise TypeError("a PDF is one file")
        return made


def _fonts() -> typst.Fonts:
    """The fonts of the packages alone: those of the machine would make other files on other machines."""
    specs = [find_spec(name) for name in _FONTS]
    folders = [path for spec in specs if spec is not None for path in spec.submodule_search_locations or ()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
