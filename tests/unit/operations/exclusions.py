"""An exclusion of a charger, and the requests that record and withdraw it."""

from datetime import timedelta

from eosvolt.application.operations import exclusions
from eosvolt.application.operations.exclusions import ExclusionInput
from eosvolt.domain.exclusions.events import ExclusionKind
from tests.examples import CHARGE_BOX_ID, MORNING
from tests.unit.operations.charging import OWNER, a_charger
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

AN_EXCLUSION = ExclusionInput(
    exclusion="e1",
    kind=ExclusionKind.UTILITY,
    since=MORNING,
    until=MORNING + timedelta(hours=1),
    reason="The grid was down",
    charger=CHARGE_BOX_ID,
    plug=1,
)


async def an_exclusion(site: Site) -> None:
    await a_charger(site)
    await site.operations.run(exclusions.record, OWNER, AN_EXCLUSION)


WAYS_OF_EXCLUSIONS: dict[str, list[Ways]] = {
    "exclusions.record": [
        Ways(
            (
                "POST",
                "/exclusions",
                {
                    "kind": "utility",
                    "since": "2026-11-21T10:00:00Z",
                    "until": "2026-11-21T11:00:00Z",
                    "reason": "The grid was down",
                    "chargeBoxId": CHARGE_BOX_ID,
                    "plug": 1,
                },
            ),
            (
                "/exclusions",
                {
                    "location": "",
                    "charger": CHARGE_BOX_ID,
                    "plug": "1",
                    "kind": "utility",
                    "since": "2026-11-21T11:00",
                    "until": "2026-11-21T12:00",
                    "reason": "The grid was down ",
                },
            ),
            a_charger,
        )
    ],
    "exclusions.withdraw": [
        Ways(
            ("POST", "/exclusions/e1/withdraw", {"reason": "Wrong plug"}),
            ("/exclusions/e1/withdraw", {"reason": "Wrong plug"}),
            an_exclusion,
        )
    ],
}
