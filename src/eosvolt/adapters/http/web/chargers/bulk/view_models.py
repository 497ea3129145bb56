"""What the templates of bulk actions are given."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.chargers.command_form import FormInput
from eosvolt.adapters.http.web.chargers.operation_labels import Group
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.commands.questions import BatchOutcome
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.session_row import SessionRow


class Counted(NamedTuple):
    """How many chargers a bulk action asks, how many of them are done, and how many are in which state."""

    total: int
    done: int
    parts: Sequence[tuple[str, int]]


class BulkRuns(ViewModel, frozen=True, kw_only=True):
    """The bulk actions of before, the newest first."""

    templates: ClassVar = ("chargers/bulk/runs.html",)

    runs: Sequence[tuple[BatchOutcome, Counted]]
    cursor: str | None


class BulkListPage(ViewModel, frozen=True, kw_only=True):
    """The list of bulk actions."""

    templates: ClassVar = ("chargers/bulk/list.html",)
    parts: ClassVar = (BulkRuns,)

    page: str = "chargers"


class BulkProgress(ViewModel, frozen=True, kw_only=True):
    """How far a bulk action has come; ``commands`` are those in ``state``."""

    templates: ClassVar = ("chargers/bulk/progress.html",)

    outcome: BatchOutcome
    counted: Counted
    state: str
    commands: Sequence[CommandRow]
    cursor: str | None


class BulkPage(ViewModel, frozen=True, kw_only=True):
    """One bulk action."""

    templates: ClassVar = ("chargers/bulk/page.html",)
    parts: ClassVar = (BulkProgress,)

    page: str = "chargers"


class NewBulkPage(ViewModel, frozen=True, kw_only=True):
    """The operations that many chargers can be asked for; ``ids`` are the chargers as JSON.

    ``typed`` are the words that confirm what interrupts customers, by operation.
    """

    templates: ClassVar = ("chargers/bulk/new.html",)

    chargers: Sequence[ChargePointRow]
    online: int
    ids: str
    groups: Sequence[Group]
    fields: Mapping[str, Sequence[FormInput]]
    first: Callable[[str, str, str], str]
    label: Callable[[str], str]
    choices: Mapping[str, Text]
    typed: Mapping[str, str]
    most: int
    problem: str
    wanted: str
    charging: int
    disturbing: Collection[str]
    plugs: Sequence[ConnectorRow] = ()
    running: Sequence[SessionRow] = ()
    page: str = "chargers"
