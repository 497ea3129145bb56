"""What is known of a kind of command: the columns of the catalogue, and the values that they take."""

from collections.abc import Callable, Mapping
from enum import Enum, IntEnum
from typing import Any, NamedTuple

from eosvolt.domain.commands.csms_requests import CsmsRequest
from eosvolt.domain.explanations import Why

Payload = dict[str, Any]


class Urgency(IntEnum):
    """In which order commands go to a charger: the smallest first; of equals, the oldest."""

    STOPPING = 0
    STARTING = 1
    SETTING = 2
    ASKING = 3


class Completion(Enum):
    """What only the system knows is added to a command's fields before it is recorded."""

    AS_ASKED = "nothing"
    TRANSACTION = "the number of the session's transaction"
    DIAGNOSTICS = "where the file goes"
    LOG = "where the file goes, and the request's number"
    RETRIEVE_DATE = "from when on the firmware may be fetched"
    REQUEST_NUMBER = "the request's number"
    PROFILE_LIMITS = "limits rounded down to tenths"
    RESERVATION = "the reservation's number"
    LOCAL_LIST = "the entries of the list and its version"


class Ocpp16(NamedTuple):
    """An action of OCPP 1.6 or of its security whitepaper (edition 3), and the section that defines it."""

    action: str
    section: str


class AnswerRule(NamedTuple):
    """How an answer is judged.

    Most answers have a ``status`` that says yes or no. ``also_yes`` are words that mean yes for this command
    alone, in lower case. Where an answer has no status it means yes if it has ``fields`` of these types.
    """

    status: bool = True
    also_yes: frozenset[str] = frozenset()
    fields: Mapping[str, type] = {}


class Replaces(NamedTuple):
    """Of two commands with the same ``target`` the newer replaces the older, which fails: ``why``."""

    target: Callable[[Payload], tuple[str, ...]]
    why: Why = Why.SETTING_SUPERSEDED


def always(_: Payload) -> bool:
    """Whatever the fields say."""
    return True


def never(_: Payload) -> bool:
    """Whatever the fields say, no."""
    return False


def nothing(_: Payload) -> tuple[str, ...]:
    """No field."""
    return ()


def unchanged(answer: Payload) -> Payload:
    """The whole answer."""
    return answer


class CommandKind(NamedTuple):
    """A row of the catalogue: all that is known of a kind of command.

    ``label`` is its name for people. ``ocpp16`` are the actions that carry it, the usual one first.
    ``repeatable``: doing it twice does no harm, so it is sent again where no answer came. ``bulk``: many
    chargers can be asked at once; ``confirm`` is the word to be typed for that. ``interrupts``: it may end
    running sessions. ``operates``: the right to operate chargers is enough for it. ``on_pages``: people
    ask for it on pages. ``while_held``: also of a held charger.
    ``filled_in`` are fields that nobody types because ``completion`` or another page provides them.
    ``secrets`` names the fields whose values must not be kept; ``kept`` is the answer as it may be kept.
    """

    request: type[CsmsRequest]
    label: str
    ocpp16: tuple[Ocpp16, ...]
    urgency: Urgency = Urgency.SETTING
    repeatable: Callable[[Payload], bool] = never
    replaces: Replaces | None = None
    bulk: bool = True
    confirm: str = ""
    interrupts: bool = False
    operates: bool = False
    on_pages: bool = True
    while_held: bool = True
    completion: Completion = Completion.AS_ASKED
    filled_in: frozenset[str] = frozenset()
    secrets: Callable[[Payload], tuple[str, ...]] = nothing
    kept: Callable[[Payload], Payload] = unchanged
    answer: AnswerRule = AnswerRule()

    @property
    def action(self) -> str:
        """Its name in the API and in events, for example ``remoteStart``."""
        return str(self.request.__struct_config__.tag)
