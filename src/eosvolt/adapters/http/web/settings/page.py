"""The settings of a company in one form, and its logo."""

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.confirmation import WRONG_PASSWORD
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.settings.form_data import (
    LABELS,
    OF_BANK,
    changed,
    settings_of,
    shown,
    typed,
)
from eosvolt.adapters.http.web.settings.view_models import SettingsPage
from eosvolt.adapters.http.web.shell.choices import CURRENCIES, countries, languages, time_zones
from eosvolt.adapters.http.web.shell.confirming import unconfirmed
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.bank_accounts import BankAccount, compact, masked
from eosvolt.application.company_settings import CompanySettings
from eosvolt.application.operations import company
from eosvolt.application.operations.company import CompanyChangeInput, LogoRemoval, LogoUpload
from eosvolt.application.operations.operation import ChangedMeanwhile, InvalidValue
from eosvolt.application.permissions import allows


class _Wrong(Exception):  # noqa: N818 - ends a change whose values are not right
    """What was typed has mistakes, a sentence for each field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__()
        self.problems = problems


def settings_routes(pages: Pages) -> list[Route]:
    """``/settings``."""
    return [
        pages.get("/settings", settings, needs=company.VIEW),
        pages.form(
            "/settings/company",
            back,
            change,
            marks=True,
            readable=True,
            operation=company.change,
            needs=company.VIEW,
        ),
        pages.form(
            "/settings/logo",
            back,
            upload,
            files=1,
            readable=True,
            operation=company.set_logo,
            needs=company.VIEW,
        ),
        pages.post("/settings/logo/remove", remove_logo, operation=company.remove_logo),
    ]


async def settings(request: PageRequest) -> Response:
    """The page."""
    return await _page(request)


async def change(request: PageRequest) -> Response:
    """Change what was typed; everything that is wrong is shown at once."""
    values, invisible = typed(request.form), request.invisible_characters
    refusals = await _refusals(request, values)

    def merged(known: CompanySettings) -> CompanySettings:
        after, wrong = changed(known, values)
        if not wrong and after.bank_account != known.bank_account:
            wrong = refusals
        if wrong := wrong | invisible:
            raise _Wrong(wrong)
        return after

    try:
        await request.run(company.change, CompanyChangeInput(changed=merged, seen=seen_version(request)))
    except _Wrong as refusal:
        return await _page(request, values=values, problems=refusal.problems)
    except ChangedMeanwhile as refusal:
        return await _page(request, values=values, lost=await _lost(request, refusal, values))
    return redirect("/settings", gettext("Changes saved."))


async def _refusals(request: PageRequest, values: dict[str, str]) -> dict[str, str]:
    """What stands against another bank account: a wrong password or code; empty if it is confirmed.

    A code works once, so none is tried for a form that is refused anyway: with mistakes, or after others
    have changed something.
    """
    if not allows(request.actor.grants, company.BANK_DETAILS):
        # The operation refuses it.
        return {}
    present = await _present(request)
    after, wrong = changed(present, values)
    seen = seen_version(request)
    if wrong or after.bank_account == present.bank_account or (seen and request.company.version not in seen):
        return {"password": translated(WRONG_PASSWORD)}
    return await unconfirmed(request)


async def upload(request: PageRequest) -> Response:
    """Show the uploaded picture as the logo."""
    sent = request.form.get("logo")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _page(request, problems={"logo": gettext("Choose a file.")})
    content = await sent.read()
    try:
        await request.run(company.set_logo, LogoUpload(content=content))
    except InvalidValue as refusal:
        return await _page(request, problems={"logo": translated(refusal)})
    return redirect("/settings#logo", gettext("Logo saved."))


async def remove_logo(request: PageRequest) -> Response:
    """Show no logo any more."""
    await request.run(company.remove_logo, LogoRemoval())
    return redirect("/settings#logo", gettext("Logo removed."))


async def back(request: PageRequest) -> Response:  # noqa: ARG001 - every page is asked the same
    """Where forms are sent to: whoever comes back by the address finds the page."""
    return redirect("/settings")


async def _lost(request: PageRequest, refusal: ChangedMeanwhile, values: dict[str, str]) -> LostUpdate:
    """What was typed and what others changed. The history has IBANs masked, so they are compared that way."""
    mine = shown(settings_of(request.company)) | values
    iban = mine["iban"]
    mine["iban"] = masked(compact(BankAccount(iban)).iban) if iban.replace(" ", "").isalnum() else iban
    lost = lost_update(request, refusal, shown, mine, LABELS)
    theirs = lost.values["iban"] != mine["iban"]
    lost.values["iban"] = shown(await _present(request))["iban"] if theirs else iban
    return lost


async def _present(request: PageRequest) -> CompanySettings:
    """The settings, with the whole IBAN for whoever may see it."""
    if not allows(request.actor.grants, company.BANK_DETAILS):
        return settings_of(request.company)
    return settings_of(request.company, await request.dependencies.bank_accounts.account(request.number))


async def _page(
    request: PageRequest,
    *,
    values: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    lost: LostUpdate | None = None,
) -> Response:
    grants = request.actor.grants
    may_see_bank = allows(grants, company.BANK_DETAILS)
    known = shown(await _present(request))
    if not may_see_bank:
        values = {name: text for name, text in (values or {}).items() if name not in OF_BANK}
    return await show(
        request,
        SettingsPage(
            lost=lost,
            version=form_version(request, lost, request.company.version),
            values=known | (lost.values if lost else values or {}),
            problems=problems or {},
            may_see_bank=may_see_bank,
            second_factor=may_see_bank
            and await request.dependencies.confirmation.has_second_factor(request.account.account),
            form_labels=LABELS,
            countries=countries(),
            languages=languages(),
            currencies=CURRENCIES,
            time_zones=time_zones(),
        ),
        status=422 if problems else 409 if lost else 200,
    )
