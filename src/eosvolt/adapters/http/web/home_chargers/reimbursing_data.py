"""The form of a price profile that reimburses: from its texts to the domain's values, and back."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, repeat
from typing import NamedTuple

from msgspec.structs import replace
from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.locations.form_data import LONGEST_NAME
from eosvolt.adapters.http.web.locations.tariff_data import NUMBER, decimal
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.domain.price_profiles.events import Direction, ProfileTerms, free
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement, SourceKind, problems
from eosvolt.domain.tariffs.tariff import problems as tariff_problems
from eosvolt.domain.tokens.uid import folded

KINDS = {"contract": Text("Contract price"), "flatRate": Text("Flat rate")}
LABELS = {"name": Text("Name"), "tokenLines": Text("Business tokens"), "sources": Text("Prices")}
FIELDS = ("name", "currency", "payer", "tokenLines")
_COLUMNS = ("sourceKind", "validFrom", "validUntil", "sourcePrice", "baseShare", "evidence")
# The fields in which invisible characters can stand, of a line.
OF_SOURCES = frozenset(_COLUMNS)


class TypedSource(NamedTuple):
    """A price as it was typed: the days are ``2026-01-31``, the amounts per kWh; ``file`` is a digest."""

    kind: str = "contract"
    since: str = ""
    until: str = ""
    price: str = ""
    share: str = ""
    evidence: str = ""
    file: str = ""


class ReimbursingForm(NamedTuple):
    """What was typed: texts by field, and the prices."""

    values: dict[str, str]
    sources: tuple[TypedSource, ...]


def typed(form: FormData) -> ReimbursingForm:
    """The form as it was sent, without empty lines."""
    values = {name: str(form.get(name, "")).strip() for name in FIELDS}
    values["currency"] = values["currency"].upper()
    columns = ([str(value).strip() for value in form.getlist(name)] for name in _COLUMNS)
    # Forms that were opened before there were files have none.
    files = chain(map(str, form.getlist("evidenceFile")), repeat(""))
    lines = (
        TypedSource(*each)._replace(file=file)
        for each, file in zip(zip(*columns, strict=False), files, strict=False)
    )
    return ReimbursingForm(values, tuple(line for line in lines if any(line[1:])))


def known(terms: ProfileTerms) -> ReimbursingForm:
    """The form of a profile; who pays is not in it."""
    reimbursement = terms.reimbursement or Reimbursement()
    values = {
        "name": terms.name,
        "currency": terms.tariff.currency,
        "payer": "",
        "tokenLines": "\n".join(reimbursement.tokens),
    }
    return ReimbursingForm(values, tuple(map(_line, reimbursement.sources)))


def texts(terms: ProfileTerms) -> dict[str, str]:
    """The fields that others may have changed."""
    form_data = known(terms)
    return form_data.values | {"sources": sources_text(form_data.sources)}


def sources_text(sources: Iterable[TypedSource]) -> str:
    """The prices in one line, without the digests of files."""
    return "; ".join(" ".join(filter(None, each[:-1])) for each in sources)


def checked(form_data: ReimbursingForm, payer: str) -> tuple[dict[str, str], ProfileTerms | None]:
    """Everything that is wrong, by field, and the terms where nothing is."""
    values = form_data.values
    wrong: dict[str, str] = {}
    if not values["name"]:
        wrong["name"] = gettext("A price profile needs a name.")
    elif len(values["name"]) > LONGEST_NAME:
        wrong["name"] = gettext("A name has at most {longest_name} characters.", longest_name=LONGEST_NAME)
    if said := list(dict.fromkeys(_wrong_sources(form_data.sources))):
        wrong["sources"] = " ".join(said)
        return wrong, None
    terms = Reimbursement(
        payer=payer,
        tokens=tuple(dict.fromkeys(filter(None, map(folded, values["tokenLines"].splitlines())))),
        sources=tuple(sorted(map(_source, form_data.sources), key=lambda each: each.since)),
    )
    tariff = free(values["currency"])
    for _, sentence in tariff_problems(tariff):
        wrong["currency"] = translated(sentence)
    for pointer, sentence in problems(terms):
        field = "tokenLines" if pointer == "/businessTokens" else "sources"
        wrong[field] = " ".join(filter(None, (wrong.get(field, ""), translated(sentence))))
    if wrong:
        return wrong, None
    direction = Direction.REIMBURSE
    return wrong, ProfileTerms(name=values["name"], tariff=tariff, direction=direction, reimbursement=terms)


def with_files(terms: ProfileTerms, before: ProfileTerms) -> ProfileTerms:
    """The terms with the files that were uploaded for the same days since the form was opened."""
    if terms.reimbursement is None or before.reimbursement is None:
        return terms
    there = {each.since: each.file for each in before.reimbursement.sources}
    sources = tuple(
        replace(each, file=each.file or there.get(each.since, "")) for each in terms.reimbursement.sources
    )
    return replace(terms, reimbursement=replace(terms.reimbursement, sources=sources))


def _wrong_sources(sources: Sequence[TypedSource]) -> Iterator[str]:
    for each in sources:
        if each.kind not in KINDS:
            yield gettext("There is no such kind.")
        if not _is_day(each.since) or not _is_day(each.until):
            yield gettext("Each price needs its first and its last day.")
        if not NUMBER.fullmatch(each.price) or (each.share and not NUMBER.fullmatch(each.share)):
            yield gettext("Each price is a number, for example 0.3174.")


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-01-31") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _source(line: TypedSource) -> PriceSource:
    return PriceSource(
        since=date.fromisoformat(line.since),
        until=date.fromisoformat(line.until),
        kind=SourceKind(line.kind),
        price=decimal(line.price),
        base_share=decimal(line.share) if line.share else Decimal(0),
        evidence=line.evidence,
        file=line.file,
    )


def _line(source: PriceSource) -> TypedSource:
    return TypedSource(
        kind=source.kind.value,
        since=source.since.isoformat(),
        until=source.until.isoformat(),
        price=f"{source.price:f}",
        share=f"{source.base_share:f}" if source.base_share else "",
        evidence=source.evidence,
        file=source.file,
    )
