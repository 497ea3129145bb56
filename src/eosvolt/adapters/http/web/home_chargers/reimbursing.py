"""Price profiles that reimburse owners: their form."""

from datetime import date
from uuid import uuid4

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.price_evidence import evidence_download
from eosvolt.adapters.http.web.home_chargers.profiles import PROFILES, profile_row
from eosvolt.adapters.http.web.home_chargers.reimbursing_data import (
    FIELDS,
    KINDS,
    LABELS,
    OF_SOURCES,
    ReimbursingForm,
    checked,
    known,
    sources_text,
    texts,
    typed,
    with_files,
)
from eosvolt.adapters.http.web.home_chargers.view_models import ReimbursingFormPage
from eosvolt.adapters.http.web.shell.choices import CURRENCIES
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.evidence_files import LARGEST_EVIDENCE_FILE
from eosvolt.application.operations import price_evidence, price_profiles
from eosvolt.application.operations.operation import ChangedMeanwhile, InvalidValue
from eosvolt.application.operations.price_evidence import EvidenceUpload
from eosvolt.application.operations.price_profiles import NewPriceProfile, PriceProfileChangeInput
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.price_profiles.events import ProfileTerms
from eosvolt.projections.price_profiles import PriceProfileRow


def reimbursing_routes(pages: Pages) -> list[Route]:
    """``/home-chargers/profiles/new-reimbursing``, and ``reimbursement`` of one."""
    needs = price_profiles.VIEW
    return [
        pages.form(
            f"{PROFILES}/new-reimbursing", new, add, needs=needs, marks=True, operation=price_profiles.add
        ),
        pages.form(
            f"{PROFILES}/{{profile}}/reimbursement",
            present,
            edit,
            needs=needs,
            marks=True,
            operation=price_profiles.change,
        ),
        pages.get(f"{PROFILES}/{{profile}}/evidence/{{digest}}", evidence, {}, needs),
        pages.form(
            f"{PROFILES}/{{profile}}/evidence",
            back,
            upload,
            needs=needs,
            files=1,
            operation=price_evidence.upload,
        ),
    ]


async def new(request: PageRequest) -> Response:
    """The form for a new price profile that reimburses."""
    values = dict.fromkeys(FIELDS, "") | {"currency": request.company.preferences.currency or "EUR"}
    return await _form(request, ReimbursingForm(values, ()), {}, None)


async def add(request: PageRequest) -> Response:
    """Make the price profile."""
    form_data = typed(request.form)
    payer = await _payer(request, form_data.values["payer"])
    wrong, terms = _judged(request, form_data, payer or "")
    if payer is None:
        wrong["payer"] = gettext("There is no customer with this e-mail address.")
    if wrong or terms is None:
        return await _form(request, form_data, wrong, None)
    await request.run(price_profiles.add, NewPriceProfile(profile=str(uuid4()), terms=terms))
    return redirect(PROFILES, gettext("Price profile created."))


async def present(request: PageRequest) -> Response:
    """The form, as the price profile is."""
    row = await profile_row(request, reimbursing=True)
    return await _form(request, known(row.terms), {}, row)


async def edit(request: PageRequest) -> Response:
    """Change the price profile: its name, its business tokens and its prices."""
    row = await profile_row(request, reimbursing=True)
    sent = typed(request.form)
    form_data = sent._replace(values=sent.values | {"currency": row.terms.tariff.currency})
    wrong, terms = _judged(request, form_data, row.terms.payer)
    if wrong or terms is None:
        return await _form(request, form_data, wrong, row)
    wanted = PriceProfileChangeInput(
        profile=row.profile, changed=lambda before: with_files(terms, before), seen=seen_version(request)
    )
    try:
        await request.run(price_profiles.change, wanted)
    except Rejected as refusal:
        return await _form(request, form_data, {"sources": translated(refusal)}, row)
    except ChangedMeanwhile as refusal:
        mine = form_data.values | {"sources": sources_text(form_data.sources)}
        lost = lost_update(request, refusal, texts, mine, LABELS)
        theirs = known(refusal.now)
        kept = lost.values["sources"] != sources_text(theirs.sources)
        merged = ReimbursingForm(lost.values, form_data.sources if kept else theirs.sources)
        return await _form(request, merged, {}, row, lost)
    return redirect(PROFILES, gettext("Changes saved."))


def _judged(
    request: PageRequest, form_data: ReimbursingForm, payer: str
) -> tuple[dict[str, str], ProfileTerms | None]:
    wrong, terms = checked(form_data, payer)
    for name, said in request.invisible_characters.items():
        wrong["sources" if name in OF_SOURCES else name] = said
    return wrong, terms


async def evidence(request: PageRequest) -> Response:
    """The file that proves a price."""
    row = await profile_row(request, reimbursing=True)
    digest = request.path_parameter("digest")
    return await evidence_download(request.dependencies, request.number, row.terms.sources, digest)


async def back(request: PageRequest) -> Response:
    """Where files are sent to: whoever comes back by the address finds the profile."""
    row = await profile_row(request, reimbursing=True)
    return redirect(f"{PROFILES}/{row.profile}/reimbursement#evidence")


async def upload(request: PageRequest) -> Response:
    """Keep a file as the evidence of a price, or show what is wrong with it."""
    row = await profile_row(request, reimbursing=True)
    sent = request.form.get("file")
    since = request.form_value("since")
    if since not in {each.since.isoformat() for each in row.terms.sources}:
        raise not_found()
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _form(request, known(row.terms), {"file": gettext("Choose a file.")}, row)
    content = await sent.read(LARGEST_EVIDENCE_FILE + 1)
    wanted = EvidenceUpload(profile=row.profile, since=date.fromisoformat(since), content=content)
    try:
        await request.run(price_evidence.upload, wanted)
    except InvalidValue as refusal:
        return await _form(request, known(row.terms), {"file": translated(refusal)}, row)
    return redirect(f"{PROFILES}/{row.profile}/reimbursement#evidence", gettext("File saved."))


async def _payer(request: PageRequest, email: str) -> str | None:
    """The customer with this e-mail address; empty for the company itself, ``None`` if there is none."""
    if not email:
        return ""
    person = await request.dependencies.customers.with_email(request.number, email)
    return None if person is None else person.customer


async def _form(
    request: PageRequest,
    form_data: ReimbursingForm,
    wrong: dict[str, str],
    row: PriceProfileRow | None,
    lost: LostUpdate | None = None,
) -> Response:
    payer = "" if row is None else row.terms.payer
    names = await customer_names(request, (payer,))
    return await show(
        request,
        ReimbursingFormPage(
            lost=lost,
            version=form_version(request, lost, row.version if row else ""),
            form_data=form_data,
            problems=wrong,
            row=row,
            payer=names.get(payer, payer) or request.company.name,
            prices=() if row is None else row.terms.sources,
            currencies=CURRENCIES,
            kinds=KINDS,
        ),
        status=422 if wrong else 409 if lost else 200,
    )
