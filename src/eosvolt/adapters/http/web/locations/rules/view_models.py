"""What the templates of a location's rules and photo are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.web.locations.rules.access_data import AccessFormData
from eosvolt.adapters.http.web.locations.rules.holders import ListedHolder
from eosvolt.adapters.http.web.locations.rules.hours_data import HoursFormData
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.customer_groups import CustomerGroupRow
from eosvolt.projections.locations import LocationRow


class HoursPage(ViewModel, frozen=True, kw_only=True):
    """The form of opening hours; ``days`` are the fields of the week with their labels."""

    templates: ClassVar = ("locations/rules/hours.html",)

    row: LocationRow
    form_data: HoursFormData
    days: Sequence[tuple[str, str]]
    always: bool
    problems: Mapping[str, str]
    lost: LostUpdate | None
    version: int | str
    page: str = "locations"


class AccessPage(ViewModel, frozen=True, kw_only=True):
    """The form of access; ``listed`` are the tokens of the list with their labels.

    ``customers`` are the listed customers' e-mail addresses, one on each line. ``groups`` are the customer
    groups of the company, ``chosen`` the ids of those that are listed.
    """

    templates: ClassVar = ("locations/rules/access.html",)

    row: LocationRow
    form_data: AccessFormData
    customers: str
    listed: Sequence[ListedHolder]
    groups: Sequence[CustomerGroupRow]
    chosen: Sequence[str]
    day_choices: Sequence[tuple[str, str]]
    who: Mapping[str, str]
    problems: Mapping[str, str]
    lost: LostUpdate | None
    version: int | str
    page: str = "locations"


class AccessChoices(ViewModel, frozen=True, kw_only=True):
    """What may be put on the list: texts of the list, and what they stand for."""

    templates: ClassVar = ("locations/rules/choices.html",)

    choices: Sequence[tuple[str, str]]


class PhotoPage(ViewModel, frozen=True, kw_only=True):
    """The form that uploads a photo; ``image`` is the address of the present one."""

    templates: ClassVar = ("locations/rules/photo.html",)

    row: LocationRow
    image: str
    mebibytes: int
    problems: Mapping[str, str]
    page: str = "locations"
