"""An example of an operation, for tests of its permission."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from eosvolt.application.operations.operation import Input
from eosvolt.application.permissions import NotThere
from tests.examples import COMPANY, LOCATION
from tests.web_in_memory import OTHER_COMPANY, Site


class Example(NamedTuple):
    """What makes an operation possible, and an input for it that changes something.

    ``makes``: it makes something new, which another company may make as well, in its own place. ``at``: the
    grants for this location alone are enough; ``None`` where those for some locations never are. ``outside``:
    it changes nothing in the history, but what is kept beside it. ``company`` is the one that it is done for,
    ``other`` another one, and ``elsewhere`` how that is refused. ``owners``: only the company's owner may,
    and the operator of the installation, whatever the grants of others are.
    """

    before: Callable[[Site], Awaitable[object]]
    wanted: Input
    makes: bool = False
    at: str | None = LOCATION
    outside: bool = False
    company: int = COMPANY
    other: int = OTHER_COMPANY
    elsewhere: type[Exception] = NotThere
    owners: bool = False


async def nothing(site: Site) -> None:
    """It needs nothing."""
