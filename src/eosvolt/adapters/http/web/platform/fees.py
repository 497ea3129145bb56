"""The platform fee of a company, set by platform staff."""

import re
from datetime import date
from decimal import Decimal

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.platform import known
from eosvolt.adapters.http.web.platform.staff_pages import StaffPages, StaffRequest, show_staff
from eosvolt.adapters.http.web.platform.view_models import FeePage
from eosvolt.adapters.http.web.shell.choices import CURRENCIES
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import platform_fees
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.platform_fees import PlatformFeeInput
from eosvolt.application.permissions import NotThere
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.platform_fees.terms import FeeTerms

FEE = "/platform/{company}/fee"
FIELDS = ("startsOn", "percent", "currency", "fixed")
_PERCENT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?", re.ASCII)


def fee_routes(pages: StaffPages) -> list[Route]:
    """``/platform/{company}/fee``."""
    return [pages.form(FEE, fee, set_fee, operation=platform_fees.set_fee, marks=True)]


async def fee(request: StaffRequest) -> Response:
    """The fees of a company by their first days, and the form."""
    typed = {"startsOn": request.now.date().isoformat(), "percent": "", "currency": "EUR", "fixed": ""}
    return await _page(request, typed, {})


async def set_fee(request: StaffRequest) -> Response:
    """Set the fee from a day on."""
    there = await known(request.dependencies, request.path_parameter("company"), request.now)
    typed = {name: request.form_value(name).strip() for name in FIELDS}
    terms, wrong = _terms(typed)
    wrong = request.invisible_characters | wrong
    if wrong:
        return await _page(request, typed, wrong)
    try:
        await request.run_at(there.number, platform_fees.set_fee, PlatformFeeInput(terms=terms))
    except InvalidValue as refusal:
        field = "percent" if refusal.field == "rate" else refusal.field
        return await _page(request, typed, {field: translated(refusal)})
    except NotThere:
        return await _page(request, typed, {"startsOn": gettext("This company has not registered yet.")})
    except Rejected as refusal:
        return await _page(request, typed, {"startsOn": translated(refusal)})
    return redirect(f"/platform/{there.number}/fee", gettext("The platform fee was set."))


def _terms(typed: dict[str, str]) -> tuple[FeeTerms, dict[str, str]]:
    """What was typed, and what is wrong with it by field."""
    wrong: dict[str, str] = {}
    starts_on, rate = date.min, Decimal(0)
    fixed: tuple[Money, ...] = ()
    try:
        starts_on = date.fromisoformat(typed["startsOn"])
    except ValueError:
        wrong["startsOn"] = gettext("This is a day like 2026-11-21.")
    percent = typed["percent"].replace(",", ".")
    if percent and not _PERCENT.fullmatch(percent):
        wrong["percent"] = gettext("Enter a number from 0 to 99, for example 2.5, or leave empty.")
    elif percent:
        rate = Decimal(percent) / 100
    if typed["fixed"]:
        try:
            fixed = (Money.of(typed["fixed"].replace(",", "."), typed["currency"]),)
        except ValueError as error:
            wrong["fixed"] = translated(error)
    return FeeTerms(starts_on, rate, fixed), wrong


async def _page(request: StaffRequest, typed: dict[str, str], wrong: dict[str, str]) -> Response:
    there = await known(request.dependencies, request.path_parameter("company"), request.now)
    schedule = await request.dependencies.platform.fees(there.number)
    model = FeePage(
        company=there,
        schedule=tuple(reversed(schedule)),
        currencies=[(code, code) for code in CURRENCIES],
        typed=typed,
        problems=wrong,
    )
    return await show_staff(request, model, status=422 if wrong else 200)
