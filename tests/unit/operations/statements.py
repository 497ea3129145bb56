"""A home charger with a month that can be approved, and the requests that approve and pay it."""

from datetime import date, timedelta

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.application.charging import ChargingService
from eosvolt.application.home_codes import code_digest
from eosvolt.application.operations import home_chargers, home_statements, tokens
from eosvolt.application.operations.home_chargers import HomeTokenInput
from eosvolt.application.operations.home_statements import HomeStatementApproval, HomeStatementPayment
from eosvolt.application.operations.tokens import TokenIssue, TokenTerms
from eosvolt.domain.charge_points.reports import StartReport, StopReport
from eosvolt.domain.home_chargers.commands import RedeemHomeCode
from eosvolt.domain.home_chargers.decider import home_chargers as homes
from eosvolt.domain.home_chargers.events import HomeToken
from tests.examples import COMPANY, MORNING
from tests.reimbursing import BUSINESS
from tests.scenario import WHY
from tests.unit.operations.charging import OWNER
from tests.unit.operations.homes import (
    A_HOME,
    CODE,
    HOME,
    HOME_KEY,
    PROFILE,
    WAYS_OF_HOMES,
    a_reimbursing_profile,
)
from tests.unit.operations.permission_example import Example
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

OCTOBER = date(2026, 10, 1)
STATEMENT = f"{HOME}.2026-10.{PROFILE}"
_STARTED = MORNING - timedelta(days=30)
APPROVAL = HomeStatementApproval(home=HOME, month=OCTOBER, profile=PROFILE)
_PAYMENT = HomeStatementPayment(home=HOME, month=OCTOBER, profile=PROFILE, reference="SEPA-1")


class _OneCompany:
    async def only_company(self) -> int | None:
        return COMPANY


async def an_owed_month(site: Site) -> None:
    """A home charger with an owner, whose business token charged 10 kWh last month: 3.27 are owed."""
    await a_reimbursing_profile(site)
    await site.operations.run(home_chargers.add, OWNER, A_HOME)
    redeem = RedeemHomeCode(at=MORNING, digest=code_digest(CODE), customer="ana")
    await site.application.execute(homes, HOME, redeem, WHY)
    await site.operations.run(tokens.issue, OWNER, TokenIssue(uid=BUSINESS, terms=TokenTerms()))
    family = HomeTokenInput(home=HOME, token=BUSINESS, kind=HomeToken.FAMILY)
    await site.operations.run(home_chargers.allow, OWNER, family)
    charging = ChargingService(site.application, MemoryNumbers(), site.clock, _OneCompany())
    now, ended = site.clock.now(), _STARTED + timedelta(hours=2)
    begun = StartReport(connector=1, token=BUSINESS, meter_start_wh=0, at=_STARTED, received_at=now)
    number = (await charging.started(HOME_KEY, begun)).transaction
    stopped = StopReport(transaction=number, meter_stop_wh=10_000, at=ended, received_at=now)
    await charging.stopped(HOME_KEY, stopped)


async def an_approved_month(site: Site) -> None:
    await an_owed_month(site)
    await site.operations.run(home_statements.approve, OWNER, APPROVAL)


EXAMPLES_OF_STATEMENTS: dict[str, Example] = {
    "home_statements.approve": Example(an_owed_month, APPROVAL, at=None),
    "home_statements.pay": Example(an_approved_month, _PAYMENT, at=None),
}
_PATH = f"/finance/reimbursements/{STATEMENT}"
WAYS_AT_HOME: dict[str, list[Ways]] = {
    **WAYS_OF_HOMES,
    "home_statements.approve": [
        Ways(
            ("POST", f"{_PATH}/approve", {"amount": "3.27"}),
            (f"{_PATH}/approve", {"seen": "327"}),
            an_owed_month,
        ),
    ],
    "home_statements.pay": [
        Ways(
            ("POST", f"{_PATH}/pay", {"reference": "SEPA-1"}),
            (f"{_PATH}/pay", {"reference": "SEPA-1"}),
            an_approved_month,
        ),
    ],
}
