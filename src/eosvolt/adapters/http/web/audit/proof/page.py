"""The page of proofs, and the proof of one line of a session's bill."""

import re

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.session_proof import ProvedEvent, proved
from eosvolt.adapters.http.web.audit.proof.view_models import ProofPage, ProvedEntry, SessionProofPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import number
from eosvolt.adapters.http.web.shell.timeline import timeline
from eosvolt.application.operations import sessions, views

RUNS = 10
MOST_LINES = 10_000
_DIGEST = re.compile(r"[0-9a-fA-F]{16,64}")


def proof_routes(pages: Pages) -> list[Route]:
    """``/audit/proof`` and ``/sessions/{session}/proof``."""
    return [
        pages.get("/audit/proof", proof, {"expect": _digest}, needs=views.SYSTEM),
        pages.get(
            "/sessions/{session}/proof", session_proof, {"line": number(1, MOST_LINES)}, needs=sessions.VIEW
        ),
    ]


async def proof(request: PageRequest) -> Response:
    """The head, the last verifications, and whether a head that was noted earlier is in the chain."""
    digest = request.query("expect").casefold()
    return await show(
        request,
        ProofPage(
            head=await request.queries.history_head(),
            runs=await request.queries.verification_runs(RUNS),
            asked=bool(digest),
            expected=await request.queries.expected_seal(digest) if digest else None,
        ),
    )


async def session_proof(request: PageRequest) -> Response:
    """A line of the bill down to the OCPP frames."""
    row = await request.queries.session(request.number, request.path_parameter("session"))
    if row is None:
        raise not_found(gettext("There is no such session."))
    lines = await proved(request.queries, row, request.now)
    place = int(request.query("line") or 1)
    if lines and place > len(lines):
        raise not_found(gettext("The bill has no such line."))
    shown = lines[place - 1].events if lines else ()
    entries = [_entry(request, row.time_zone, each) for each in shown]
    return await show(
        request,
        SessionProofPage(row=row, lines=lines, number=place, entries=entries),
    )


def _entry(request: PageRequest, zone: str, proved_event: ProvedEvent) -> ProvedEntry:
    (entry,) = timeline([proved_event.fact], zone, request.people)
    return ProvedEntry(entry.sentence, entry.name, proved_event)


def _digest(text: str) -> str:
    if _DIGEST.fullmatch(text):
        return ""
    return gettext("A digest has 16 to 64 characters 0-9 and a-f.")
