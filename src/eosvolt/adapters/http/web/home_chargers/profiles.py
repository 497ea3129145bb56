"""Price profiles: the list, and the form of one."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.home_chargers.page import PAGE
from eosvolt.adapters.http.web.home_chargers.view_models import PriceProfileFormPage, PriceProfilesPage
from eosvolt.adapters.http.web.locations.form import OF_WINDOWS
from eosvolt.adapters.http.web.locations.form_data import (
    LABELS,
    LocationFormData,
    blank,
    checked,
    typed,
)
from eosvolt.adapters.http.web.locations.tariff_data import values_of_tariff, windows_of, windows_text
from eosvolt.adapters.http.web.shell.choices import CURRENCIES
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.application.operations import price_profiles
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.application.operations.price_profiles import (
    NewPriceProfile,
    PriceProfileChangeInput,
    PriceProfileRemoval,
)
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.price_profiles.events import NO_TIME_ZONE, ProfileTerms
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS
from eosvolt.projections.price_profiles import PriceProfileRow

PROFILES = f"{PAGE}/profiles"
_SHOWN = ("name", "strategy", "price", "currency", "vat", "windows", "fee", "interval", "cap")


def profile_routes(pages: Pages) -> list[Route]:
    """``/home-chargers/profiles``."""
    needs = price_profiles.VIEW
    return [
        pages.get(PROFILES, profile_list, needs=needs),
        pages.form(f"{PROFILES}/new", new, add, needs=needs, marks=True, operation=price_profiles.add),
        pages.form(
            f"{PROFILES}/{{profile}}/edit",
            present,
            edit,
            needs=needs,
            marks=True,
            operation=price_profiles.change,
        ),
        pages.form(
            f"{PROFILES}/{{profile}}/remove", ask, remove, needs=needs, operation=price_profiles.remove
        ),
    ]


async def profile_list(request: PageRequest) -> Response:
    """All price profiles."""
    return await show(request, PriceProfilesPage(rows=await request.queries.price_profiles(request.number)))


async def new(request: PageRequest) -> Response:
    """The form for a new price profile."""
    return await _form(request, blank(None, request.company.preferences), {}, None)


async def add(request: PageRequest) -> Response:
    """Make the price profile."""
    form_data, wrong, terms = _typed(request)
    if wrong or terms is None:
        return await _form(request, form_data, wrong, None)
    await request.run(price_profiles.add, NewPriceProfile(profile=str(uuid4()), terms=terms))
    return redirect(PROFILES, gettext("Price profile created."))


async def present(request: PageRequest) -> Response:
    """The form, as the price profile is."""
    row = await profile_row(request)
    if row.terms.reimbursement is not None:
        return redirect(f"{PROFILES}/{row.profile}/reimbursement")
    return await _form(request, _known(row.terms), {}, row)


async def edit(request: PageRequest) -> Response:
    """Change the price profile, and the prices at all its home chargers."""
    row = await profile_row(request, reimbursing=False)
    form_data, wrong, terms = _typed(request)
    if wrong or terms is None:
        return await _form(request, form_data, wrong, row)
    wanted = PriceProfileChangeInput(profile=row.profile, changed=lambda _: terms, seen=seen_version(request))
    try:
        await request.run(price_profiles.change, wanted)
    except Rejected as refusal:
        return await _form(request, form_data, {"currency": translated(refusal)}, row)
    except ChangedMeanwhile as refusal:
        texts = form_data.values | {"windows": windows_text(form_data.windows)}
        lost = lost_update(request, refusal, _texts, texts, {name: LABELS[name] for name in _SHOWN})
        theirs = _known(refusal.now)
        kept = lost.values["windows"] != windows_text(theirs.windows)
        windows = form_data.windows if kept else theirs.windows
        merged = LocationFormData(form_data.values | lost.values, windows)
        return await _form(request, merged, {}, row, lost)
    return redirect(PROFILES, gettext("Changes saved."))


async def ask(request: PageRequest) -> Response:
    """Ask for the profile's name."""
    return await ask_before(request, _removal(request, await profile_row(request)))


async def remove(request: PageRequest) -> Response:
    """Remove the price profile, where its name was typed."""
    row = await profile_row(request)
    if request.form_value("name") != row.name:
        return await ask_before(request, _removal(request, row), gettext("This is not its name."))
    try:
        await request.run(price_profiles.remove, PriceProfileRemoval(profile=row.profile))
    except Rejected as refusal:
        return await ask_before(request, _removal(request, row), translated(refusal))
    return redirect(PROFILES, gettext("Price profile {name} removed.", name=row.name))


def _removal(request: PageRequest, row: PriceProfileRow) -> Removal:
    form = f"{PROFILES}/{row.profile}/edit"
    return Removal(
        page="homeChargers",
        name=row.name,
        what=gettext("price profile"),
        back=form if request.may_open(f"{PROFILES}/{{profile}}/edit") else PROFILES,
        consequence=gettext("It cannot be chosen any more. Its history stays."),
    )


async def profile_row(request: PageRequest, *, reimbursing: bool | None = None) -> PriceProfileRow:
    """The price profile that the path names, if it does or does not reimburse. 404 where there is none."""
    row = await request.queries.price_profile(request.number, request.path_parameter("profile"))
    if row is None or reimbursing not in (None, row.terms.reimbursement is not None):
        raise not_found(gettext("There is no such price profile."))
    return row


def _typed(request: PageRequest) -> tuple[LocationFormData, dict[str, str], ProfileTerms | None]:
    """The form, what is wrong with it, and the terms where nothing is."""
    sent = typed(request.form)
    # A profile is of no place; what a location's form asks for besides is not in this form.
    form_data = sent._replace(values=sent.values | {"type": "private", "timeZone": NO_TIME_ZONE})
    wrong, terms, tariff = checked(form_data)
    if wrong.get("name") and not form_data.values["name"]:
        wrong["name"] = gettext("A price profile needs a name.")
    wrong |= {
        "windows" if name in OF_WINDOWS else name: problem
        for name, problem in request.invisible_characters.items()
    }
    if wrong or terms is None or tariff is None:
        return form_data, wrong, None
    return form_data, wrong, ProfileTerms(name=terms.details.name, tariff=tariff)


def _known(terms: ProfileTerms) -> LocationFormData:
    values = {"name": terms.name} | values_of_tariff(terms.tariff)
    return LocationFormData(values, windows_of(terms.tariff))


def _texts(terms: ProfileTerms) -> dict[str, str]:
    form_data = _known(terms)
    return form_data.values | {"windows": windows_text(form_data.windows)}


async def _form(
    request: PageRequest,
    form_data: LocationFormData,
    wrong: dict[str, str],
    row: PriceProfileRow | None,
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        PriceProfileFormPage(
            lost=lost,
            version=form_version(request, lost, row.version if row else ""),
            form_data=form_data,
            problems=wrong,
            row=row,
            currencies=CURRENCIES,
            intervals=BLOCKING_INTERVALS,
        ),
        status=422 if wrong else 409 if lost else 200,
    )
