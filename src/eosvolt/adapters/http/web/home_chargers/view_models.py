"""What the templates of home chargers and price profiles are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.home_chargers import HomeLine
from eosvolt.adapters.http.web.home_chargers.reimbursing_data import ReimbursingForm
from eosvolt.adapters.http.web.locations.form_data import LocationFormData
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.plug_form import PlugInput
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.domain.price_profiles.reimbursement import PriceSource
from eosvolt.projections.price_profiles import PriceProfileRow


class HomeRows(ViewModel, frozen=True, kw_only=True):
    """All home chargers; ``states`` are the words of codes' states, ``names`` those of customers by id."""

    templates: ClassVar = ("home_chargers/list.html",)

    lines: Sequence[HomeLine]
    states: Mapping[str, Text]
    names: Mapping[str, str]


class HomeChargersPage(ViewModel, frozen=True, kw_only=True):
    """The list of home chargers."""

    templates: ClassVar = ("home_chargers/page.html",)
    parts: ClassVar = (HomeRows,)

    page: str = "homeChargers"


class HomeFormPage(ViewModel, frozen=True, kw_only=True):
    """The form for a new home charger. ``wrong_plugs`` are by line and field."""

    templates: ClassVar = ("home_chargers/new.html",)

    typed: Mapping[str, str]
    plugs: Sequence[PlugInput]
    wrong_plugs: Mapping[tuple[int, str], str]
    problems: Mapping[str, str]
    profiles: Sequence[PriceProfileRow]
    zones: Sequence[str]
    page: str = "homeChargers"


class HomeReplacementPage(ViewModel, frozen=True, kw_only=True):
    """The form for another charger at a home. ``wrong_plugs`` are by line and field."""

    templates: ClassVar = ("home_chargers/replace.html",)

    line: HomeLine
    typed: Mapping[str, str]
    plugs: Sequence[PlugInput]
    wrong_plugs: Mapping[tuple[int, str], str]
    problems: Mapping[str, str]
    page: str = "homeChargers"


class HomeState(ViewModel, frozen=True, kw_only=True):
    """What a home charger is, and the state of its code; ``name`` is that of its owner or who is to be."""

    templates: ClassVar = ("home_chargers/state.html",)

    line: HomeLine
    states: Mapping[str, Text]
    name: str


class HomeSessions(ViewModel, frozen=True, kw_only=True):
    """The newest sessions at a home, of ``line``."""

    templates: ClassVar = ("home_chargers/recent.html",)

    line: HomeLine
    recent: SessionTable


class HomePage(ViewModel, frozen=True, kw_only=True):
    """One home charger with its forms. ``code`` is shown once; ``kinds`` are the words of kinds of tokens."""

    templates: ClassVar = ("home_chargers/one.html",)
    parts: ClassVar = (HomeState, HomeSessions)

    line: HomeLine
    code: str
    profiles: Sequence[PriceProfileRow]
    kinds: Mapping[str, Text]
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    page: str = "homeChargers"


class PriceProfilesPage(ViewModel, frozen=True, kw_only=True):
    """The list of price profiles."""

    templates: ClassVar = ("home_chargers/profiles.html",)

    rows: Sequence[PriceProfileRow]
    page: str = "homeChargers"


class PriceProfileFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a price profile; without ``row`` that of a new one."""

    templates: ClassVar = ("home_chargers/profile.html",)

    lost: LostUpdate | None
    version: int | str
    form_data: LocationFormData
    problems: Mapping[str, str]
    row: PriceProfileRow | None
    currencies: Sequence[str]
    intervals: Sequence[int]
    page: str = "homeChargers"


class ReimbursingFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a price profile that reimburses; without ``row`` that of a new one.

    ``payer`` is the name of who pays; of a new one that of the company. ``prices`` are those that are known.
    """

    templates: ClassVar = ("home_chargers/reimbursing.html",)

    lost: LostUpdate | None
    version: int | str
    form_data: ReimbursingForm
    problems: Mapping[str, str]
    row: PriceProfileRow | None
    payer: str
    prices: Sequence[PriceSource]
    currencies: Sequence[str]
    kinds: Mapping[str, Text]
    page: str = "homeChargers"
