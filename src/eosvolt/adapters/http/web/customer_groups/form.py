"""The form of a customer group, and the question before one is removed."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.customer_groups.page import PAGE
from eosvolt.adapters.http.web.customer_groups.prices_data import (
    KINDS,
    TypedPrice,
    lines_of,
    prices_of,
    typed_lines,
)
from eosvolt.adapters.http.web.customer_groups.view_models import CustomerGroupFormPage
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.adapters.http.web.tokens.terms import is_uid
from eosvolt.application.operations import customer_groups
from eosvolt.application.operations.customer_groups import (
    CustomerGroupById,
    CustomerGroupChangeInput,
    CustomerGroupTerms,
    NewCustomerGroupInput,
)
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.projections.customer_groups import CustomerGroupRow

_ONE = f"{PAGE}/{{group}}"
_FIELDS = ("name", "tokenGroups")
_LABELS = {"name": Text("Name"), "tokenGroups": Text("Groups of tokens")}


def group_form_routes(pages: Pages) -> list[Route]:
    """``/customer-groups/new``, and ``/edit`` and ``/remove`` of one group."""
    view = customer_groups.VIEW
    return [
        pages.form(f"{PAGE}/new", new, add, needs=view, marks=True, operation=customer_groups.add),
        pages.form(f"{_ONE}/edit", present, change, needs=view, marks=True, operation=customer_groups.change),
        pages.form(f"{_ONE}/remove", ask, remove, needs=view, operation=customer_groups.remove),
    ]


async def new(request: PageRequest) -> Response:
    """The empty form."""
    return await _form(request, None, dict.fromkeys(_FIELDS, ""), [], {})


async def add(request: PageRequest) -> Response:
    """Add a group."""
    values, lines = _typed(request), typed_lines(request.form)
    terms, wrong = _terms(request, values, lines, ())
    if wrong or terms is None:
        return await _form(request, None, values, lines, wrong)
    try:
        await request.run(customer_groups.add, NewCustomerGroupInput(group=str(uuid4()), terms=terms))
    except Rejected as refusal:
        return await _form(request, None, values, lines, {"name": translated(refusal)})
    return redirect(PAGE, gettext("Group {name} added.", name=terms.name))


async def present(request: PageRequest) -> Response:
    """The form, as the group is."""
    row = await _row(request)
    return await _form(request, row, _values(row), lines_of(row.prices, _places(request)), {})


async def change(request: PageRequest) -> Response:
    """Change a group."""
    row, values, lines = await _row(request), _typed(request), typed_lines(request.form)
    terms, wrong = _terms(request, values, lines, row.prices)
    if wrong or terms is None:
        return await _form(request, row, values, lines, wrong)
    wanted = CustomerGroupChangeInput(group=row.group, changed=lambda _: terms, seen=seen_version(request))
    try:
        await request.run(customer_groups.change, wanted)
    except Rejected as refusal:
        return await _form(request, row, values, lines, {"name": translated(refusal)})
    except ChangedMeanwhile as refusal:
        lost = lost_update(request, refusal, _values, values, _LABELS)
        return await _form(request, row, lost.values, lines, {}, lost)
    return redirect(PAGE, gettext("Changes saved."))


async def ask(request: PageRequest) -> Response:
    """Ask for the name before a group is removed."""
    return await ask_before(request, _removal(await _row(request)))


async def remove(request: PageRequest) -> Response:
    """Remove a group."""
    row = await _row(request)
    if request.form_value("name") != row.name:
        return await ask_before(request, _removal(row), gettext("This is not its name."))
    await request.run(customer_groups.remove, CustomerGroupById(group=row.group))
    return redirect(PAGE, gettext("Group {name} removed.", name=row.name))


def _removal(row: CustomerGroupRow) -> Removal:
    return Removal(
        page="customers",
        name=row.name,
        what=gettext("group"),
        back=PAGE,
        consequence=gettext(
            "It opens no location and has no price any more. Sessions keep the prices they have."
        ),
    )


async def _row(request: PageRequest) -> CustomerGroupRow:
    row = await request.queries.customer_group(request.number, request.path_parameter("group"))
    if row is None:
        raise not_found(gettext("There is no such group."))
    return row


def _places(request: PageRequest) -> dict[str, Tariff]:
    """The tariffs of the locations that the user may see."""
    return {row.location: row.tariff for row in request.locations.rows}


def _typed(request: PageRequest) -> dict[str, str]:
    return {name: request.form_value(name) for name in _FIELDS}


def _terms(
    request: PageRequest, values: Mapping[str, str], lines: Sequence[TypedPrice], before: Sequence[GroupPrice]
) -> tuple[CustomerGroupTerms | None, dict[str, str]]:
    """What the form says, and what is wrong with it by field."""
    wrong = dict(request.invisible_characters)
    token_groups = tuple(group for line in values["tokenGroups"].splitlines() if (group := line.strip()))
    if bad := next((group for group in token_groups if not is_uid(group)), None):
        wrong["tokenGroups"] = gettext("{group} is not a group of tokens.", group=bad[:60])
    if not values["name"].strip():
        wrong["name"] = gettext("A group needs a name.")
    prices, problem = prices_of(lines, _places(request), before)
    if problem:
        wrong["prices"] = translated(problem)
    if wrong:
        return None, wrong
    return CustomerGroupTerms(name=values["name"], token_groups=token_groups, prices=prices), {}


def _values(stored: CustomerGroupRow | CustomerGroupTerms) -> dict[str, str]:
    return {"name": stored.name, "tokenGroups": "\n".join(stored.token_groups)}


async def _form(
    request: PageRequest,
    row: CustomerGroupRow | None,
    values: Mapping[str, str],
    lines: Sequence[TypedPrice],
    wrong: dict[str, str],
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        CustomerGroupFormPage(
            row=row,
            lost=lost,
            version=form_version(request, lost, row.version if row else 0),
            values=values,
            lines=lines,
            kinds=KINDS,
            problems=wrong,
        ),
        status=422 if wrong else 409 if lost else 200,
    )
