"""The form of a customer: personal data, language and tokens."""

import re
from collections.abc import Mapping
from uuid import uuid4

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, current, gettext
from eosvolt.adapters.http.presentation.customers import CustomerEntry
from eosvolt.adapters.http.web.customers.one import ONE, entry_of
from eosvolt.adapters.http.web.customers.page import PAGE
from eosvolt.adapters.http.web.customers.view_models import CustomerFormPage
from eosvolt.adapters.http.web.shell.choices import countries, languages
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.tokens.terms import is_uid
from eosvolt.application.customers import EMAIL_TAKEN
from eosvolt.application.operations import customers
from eosvolt.application.operations.customers import CustomerChangeInput, CustomerTerms, NewCustomerInput
from eosvolt.application.operations.operation import ChangedMeanwhile, InvalidValue
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage
from eosvolt.domain.customers.events import MOST_TOKENS
from eosvolt.domain.kernel import Rejected

_BILLING = {
    "legalName": "legal_name",
    "street": "street",
    "postalCode": "postal_code",
    "city": "city",
    "country": "country",
    "vatId": "vat_id",
    "taxNumber": "tax_number",
}
_GROUPS = "groups"
_PLAIN = ("name", "email", "phone", "notes", "language")
FIELDS = (*_PLAIN, "tokens", _GROUPS, *_BILLING)
# What an edit of somebody else is shown in: of personal data nothing earlier is kept.
_LABELS = {"language": Text("Language"), "tokens": Text("Tokens"), _GROUPS: Text("Groups")}


def customer_form_routes(pages: Pages) -> list[Route]:
    """``/customers/new`` and ``/customers/{customer}/edit``."""
    return [
        pages.form(f"{PAGE}/new", new, add, needs=customers.VIEW, marks=True, operation=customers.add),
        pages.form(
            f"{ONE}/edit", present, change, needs=customers.VIEW, marks=True, operation=customers.change
        ),
    ]


async def new(request: PageRequest) -> Response:
    """The empty form, for a token if the address names one."""
    values = dict.fromkeys(FIELDS, "") | {
        "language": current().code,
        "tokens": request.query("token"),
        _GROUPS: request.query("group"),
    }
    return await _form(request, None, values, {})


async def add(request: PageRequest) -> Response:
    """Add a customer."""
    values = _typed(request)
    if wrong := request.invisible_characters | _problems(values):
        return await _form(request, None, values, wrong)
    customer = str(uuid4())
    try:
        await request.run(customers.add, NewCustomerInput(customer=customer, terms=_terms(values)))
    except (InvalidValue, Rejected) as refusal:
        return await _form(request, None, values, _refused(refusal))
    return redirect(f"{PAGE}/{customer}", gettext("Customer added."))


async def present(request: PageRequest) -> Response:
    """The form, as the customer is."""
    entry = await entry_of(request)
    return await _form(request, entry, _values(entry), {})


async def change(request: PageRequest) -> Response:
    """Change a customer."""
    entry, values = await entry_of(request), _typed(request)
    if wrong := request.invisible_characters | _problems(values):
        return await _form(request, entry, values, wrong)
    terms = _terms(values)
    wanted = CustomerChangeInput(
        customer=entry.row.customer, changed=lambda _: terms, seen=seen_version(request)
    )
    try:
        await request.run(customers.change, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _form(request, entry, values, _refused(refusal))
    except ChangedMeanwhile as refusal:
        lost = lost_update(request, refusal, _differing, values, _LABELS)
        return await _form(request, entry, lost.values, {}, lost)
    return redirect(f"{PAGE}/{entry.row.customer}", gettext("Changes saved."))


def _typed(request: PageRequest) -> dict[str, str]:
    """What was typed; groups are ids, one on each line."""
    chosen = [str(each) for each in request.form.getlist("group")]
    return {name: request.form_value(name) for name in FIELDS} | {_GROUPS: "\n".join(chosen)}


def _problems(values: Mapping[str, str]) -> dict[str, str]:
    """What only the form can get wrong; the rest is the operation's to say."""
    wrong: dict[str, str] = {}
    uids = _uids(values)
    if bad := next((uid for uid in uids if not is_uid(uid)), None):
        wrong["tokens"] = gettext("{uid} is not the number of a token.", uid=bad[:60])
    if len(uids) > MOST_TOKENS:
        wrong["tokens"] = gettext("A customer has at most {most_tokens} tokens.", most_tokens=MOST_TOKENS)
    if values["language"] not in list(CompanyLanguage):
        wrong["language"] = gettext("Choose one of the languages.")
    return wrong


def _refused(refusal: Exception) -> dict[str, str]:
    """The refusal at its field; what is not of a field is about the tokens."""
    if isinstance(refusal, InvalidValue):
        return {refusal.field: translated(refusal)}
    return {"email" if str(refusal) == EMAIL_TAKEN else "tokens": translated(refusal)}


def _terms(values: Mapping[str, str]) -> CustomerTerms:
    return CustomerTerms(
        name=values["name"],
        email=values["email"],
        phone=values["phone"],
        notes=values["notes"],
        language=CompanyLanguage(values["language"]),
        billing=BillingDetails(**{field: values[name] for name, field in _BILLING.items()}),
        tokens=tuple(_uids(values)),
        groups=tuple(filter(None, values[_GROUPS].split("\n"))),
    )


def _uids(values: Mapping[str, str]) -> list[str]:
    """One on a line, or with commas between: a number may have blanks in it."""
    return [uid for each in re.split(r"[\n,;]", values["tokens"]) if (uid := each.strip())]


def _values(entry: CustomerEntry) -> dict[str, str]:
    row, person = entry
    billing = msgspec.structs.asdict(person.billing)
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "notes": person.notes,
        "language": row.language,
        "tokens": "\n".join(row.tokens),
        _GROUPS: "\n".join(row.groups),
        **{name: billing[field] for name, field in _BILLING.items()},
    }


def _differing(terms: CustomerTerms) -> dict[str, str]:
    return {
        "language": terms.language.value,
        "tokens": "\n".join(terms.tokens),
        _GROUPS: "\n".join(terms.groups),
    }


async def _form(
    request: PageRequest,
    entry: CustomerEntry | None,
    values: Mapping[str, str],
    wrong: dict[str, str],
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        CustomerFormPage(
            entry=entry,
            lost=lost,
            version=form_version(request, lost, entry.row.version if entry else 0),
            values=values,
            countries=[("", gettext("Not given")), *countries()],
            languages=languages(),
            groups=await request.queries.customer_groups(request.number),
            chosen=values[_GROUPS].split("\n"),
            problems=wrong,
        ),
        status=422 if wrong else 409 if lost else 200,
    )
