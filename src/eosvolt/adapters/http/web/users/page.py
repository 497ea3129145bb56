"""The people who work for the company: the list, with what each of them may do."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.admins import AdminEntry, InvitationLink, admin_entries, admin_entry
from eosvolt.adapters.http.web.shell.access_form import in_short, pages_of
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.users.view_models import UserLine, UserRows, UsersPage
from eosvolt.application.operations import admins
from eosvolt.application.operations.admins import require_no_more

PAGE = "/users"
LINK = f"{PAGE}/invitation"


def user_list_routes(pages: Pages) -> list[Route]:
    """``/users``, and the page that shows an invitation link once."""
    return [
        pages.get(PAGE, users, needs=admins.VIEW, past=True),
        pages.get(LINK, invitation, needs=admins.VIEW),
    ]


async def users(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await _page(request)


async def invitation(request: PageRequest) -> Response:
    """The page with the link of an invitation that was just made, once."""
    link = brought(request)
    return shown(request, await _page(request, link)) if link else redirect(PAGE)


def link_sent(request: PageRequest, link: InvitationLink, email: str) -> Response:
    """Go back to the list; where no mail is sent, to the only page that shows the link."""
    if request.dependencies.mail:
        return redirect(PAGE, gettext("Invitation sent to {email}.", email=email))
    return to_be_shown(request, LINK, link.link)


async def entry_of(request: PageRequest) -> AdminEntry:
    """The admin of the path. Raises a 404 ``Problem`` for one that the user may not see."""
    account = request.path_parameter("admin")
    directory = request.dependencies.admins
    entry = await admin_entry(request.queries, directory, request.number, request.within, account)
    if entry is None:
        raise not_found(gettext("There is no such user."))
    return entry


async def changeable(request: PageRequest) -> AdminEntry:
    """The admin of the path, for whoever may change one who has these permissions. Raises ``Forbidden``."""
    entry = await entry_of(request)
    require_no_more(request.actor.grants, entry.grants)
    return entry


async def _page(request: PageRequest, link: str = "") -> Response:
    return await show(request, UsersPage(link=link), {"list": _list})


async def _list(request: PageRequest) -> UserRows:
    entries = await admin_entries(
        request.queries, request.dependencies.admins, request.number, request.within, request.as_of
    )
    return UserRows(
        lines=[_line(request, each) for each in entries],
        is_owner=request.account.owner,
    )


def _line(request: PageRequest, entry: AdminEntry) -> UserLine:
    places = entry.grants.locations
    return UserLine(
        entry,
        in_short(entry.grants),
        pages_of(entry.grants),
        () if places is None else sorted(request.locations.name(each) for each in places),
        may_change=request.actor.grants.needs >= entry.grants.needs,
        itself=entry.id == request.account.account,
    )
