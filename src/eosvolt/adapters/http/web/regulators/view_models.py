"""What the template of reports for regulators is given."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.regulator_report import RegulatorReport
from eosvolt.adapters.http.web.shell.view_model import ViewModel


class RegulatorPage(ViewModel, frozen=True, kw_only=True):
    """The report of a period; ``last`` is its last day. ``problem`` says why there is none."""

    templates: ClassVar = ("regulators/page.html",)

    definition: str
    definitions: Mapping[str, Text]
    first: date
    last: date
    formula: str
    report: RegulatorReport | None
    problem: str
    most_lines: int
    page: str = "dashboard"
