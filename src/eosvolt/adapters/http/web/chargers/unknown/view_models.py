"""What the templates of unknown chargers are given."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.access import UnknownCharger


class UnknownChargerRows(ViewModel, frozen=True, kw_only=True):
    """The unknown chargers that fit the search."""

    templates: ClassVar = ("chargers/unknown/list.html",)

    unknown_chargers: Sequence[UnknownCharger]


class UnknownChargersPage(ViewModel, frozen=True, kw_only=True):
    """Unknown chargers; ``adopts_into`` is the location that adopts all of them until ``adopts_until``."""

    templates: ClassVar = ("chargers/unknown/page.html",)
    parts: ClassVar = (UnknownChargerRows,)

    adopts_into: str
    adopts_until: datetime | None
    page: str = "chargers"
