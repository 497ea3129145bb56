"""The inputs of the templates of proofs."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.presentation.session_proof import ProvedEvent, ProvedLine
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.history_proof import VerificationRun
from eosvolt.application.installation import SealHead
from eosvolt.projections.session_row import SessionRow


class ProofPage(ViewModel, frozen=True, kw_only=True):
    """The head of the history and the last verifications.

    ``asked``: a digest was typed in; ``expected`` is its seal, ``None`` if the chain has none.
    """

    templates: ClassVar = ("audit/proof/page.html",)

    head: SealHead | None
    runs: Sequence[VerificationRun]
    asked: bool
    expected: SealHead | None
    page: str = "audit"


class ProvedEntry(NamedTuple):
    """An event behind a line, in words."""

    sentence: str
    name: str
    event: ProvedEvent


class SessionProofPage(ViewModel, frozen=True, kw_only=True):
    """One line of a session's bill with its events; ``number`` counts the lines from 1."""

    templates: ClassVar = ("audit/proof/session.html",)

    row: SessionRow
    lines: Sequence[ProvedLine]
    number: int
    entries: Sequence[ProvedEntry]
    page: str = "sessions"
