"""Who changed which setting of the company when."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.event_files import every_event
from eosvolt.adapters.http.web.settings.form_data import LABELS, settings_of, shown
from eosvolt.adapters.http.web.settings.view_models import (
    ChangedSetting,
    SettingsChangeEntry,
    SettingsHistoryPage,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.event_search import EventSearch
from eosvolt.application.operations import company
from eosvolt.domain.companies.events import CompanyLogoChanged
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.companies import CompanyRow, apply_company

_EDITIONS = tags(*company.EDITIONS, CompanyLogoChanged)
_LABELS = {**LABELS, "logo": Text("Logo")}


def history_routes(pages: Pages) -> list[Route]:
    """``/settings/history``."""
    return [pages.get("/settings/history", history, needs=company.VIEW)]


async def history(request: PageRequest) -> Response:
    """The page."""
    wanted = EventSearch(stream=f"company:{request.number}", types=_EDITIONS)
    facts = [fact async for some in every_event(request.queries, request.number, wanted) for fact in some]
    return await show(request, SettingsHistoryPage(entries=list(_entries(facts))[::-1]))


def _entries(facts: Sequence[Fact]) -> Iterator[SettingsChangeEntry]:
    """One entry for the facts of each commit, oldest first."""
    row: CompanyRow | None = None
    commit: list[Fact] = []
    before: dict[str, str] = {}
    for fact, following in zip_longest(facts, facts[1:]):
        row = apply_company(row, fact, fact.key)
        commit.append(fact)
        if following is None or following.why != fact.why:
            now = {} if row is None else _values(row)
            changed = [
                ChangedSetting(label, before.get(name, ""), now.get(name, ""))
                for name, label in _LABELS.items()
                if before and before.get(name, "") != now.get(name, "")
            ]
            yield SettingsChangeEntry(commit[0].recorded_at, commit[0].why.by, changed)
            before, commit = now, []


def _values(row: CompanyRow) -> dict[str, str]:
    # A logo has no text; its digest at least tells two apart.
    return shown(settings_of(row)) | {"logo": row.logo[:8]}
