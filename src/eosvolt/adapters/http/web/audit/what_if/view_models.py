"""The inputs of the templates of the what-if calculation and of re-rating."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from eosvolt.adapters.http.web.audit.what_if.differences import PriceDifferences, Rated
from eosvolt.adapters.http.web.locations.form_data import LocationFormData
from eosvolt.adapters.http.web.shell.view_model import ViewModel


class WhatIfResult(ViewModel, frozen=True, kw_only=True):
    """The differences; ``None`` before they are computed. ``chart`` has those of each day in one currency.

    ``question`` is above the chart. ``calculate`` is the address with the result, for browsers without
    scripts; empty where there is nothing to calculate.
    """

    templates: ClassVar = ("audit/what_if/result.html",)

    found: PriceDifferences | None
    chart: Mapping[str, Any] | None
    question: str
    calculate: str
    export: str


class WhatIfPage(ViewModel, frozen=True, kw_only=True):
    """The form of the draft tariff and of the sessions that it is applied to."""

    templates: ClassVar = ("audit/what_if/page.html",)
    parts: ClassVar = (WhatIfResult,)

    form_data: LocationFormData
    problems: Mapping[str, str]
    since: str
    until: str
    currencies: Sequence[str]
    intervals: Sequence[int]
    chosen: Sequence[str]
    page: str = "audit"


class RerateResult(ViewModel, frozen=True, kw_only=True):
    """The sessions whose bill differs; ``rated`` sessions were rated again."""

    templates: ClassVar = ("audit/what_if/differing.html",)

    differing: Sequence[Rated] | None
    rated: int
    most: int
    calculate: str


class RerateReport(ViewModel, frozen=True, kw_only=True):
    """The range of days whose sessions are rated again."""

    templates: ClassVar = ("audit/what_if/re_rating.html",)
    parts: ClassVar = (RerateResult,)

    problems: Mapping[str, str]
    since: str
    until: str
    page: str = "audit"
