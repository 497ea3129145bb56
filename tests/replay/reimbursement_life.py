"""A reimbursing home with statements: the source of the golden stream ``0020-reimbursements``."""

from msgspec.structs import replace

from eosvolt.domain.home_chargers.commands import AddHomeCharger, ReplaceHomeCharger
from eosvolt.domain.home_chargers.decider import home_chargers
from eosvolt.domain.home_statements.commands import HomeStatementCommand, PayHomeStatement
from eosvolt.domain.home_statements.decider import home_statements
from eosvolt.domain.price_profiles.commands import AddPriceProfile, ChangePriceProfile
from eosvolt.domain.price_profiles.decider import price_profiles
from tests.examples import COMPANY, after
from tests.reimbursing import REIMBURSEMENT, REIMBURSING
from tests.scenario import WHY, Scenario
from tests.unit.deciders.test_home_statements import HOME, NOVEMBER, OCTOBER, PROFILE, approving

_OF_STATEMENTS: tuple[HomeStatementCommand, ...] = (
    approving(),
    PayHomeStatement(at=after(2), month=OCTOBER, profile=PROFILE, reference="SEPA-1"),
    approving(month=NOVEMBER),
)


async def reimbursement_life() -> Scenario:
    """A profile that reimburses, a home whose charger is replaced, a statement paid and one owed."""
    s = Scenario()
    add = AddPriceProfile(profile=PROFILE, company=COMPANY, at=after(0), terms=REIMBURSING)
    await s.application.execute(price_profiles, PROFILE, add, WHY)
    home = AddHomeCharger(
        home=HOME,
        company=COMPANY,
        at=after(0),
        charge_box_id="CP-HOME",
        profile=PROFILE,
        time_zone="Europe/Berlin",
    )
    await s.application.execute(home_chargers, HOME, home, WHY)
    employer = replace(REIMBURSING, reimbursement=replace(REIMBURSEMENT, tokens=("CAFE01", "CAFE02")))
    change = ChangePriceProfile(at=after(1), terms=employer)
    await s.application.execute(price_profiles, PROFILE, change, WHY)
    replace_charger = ReplaceHomeCharger(at=after(1), charge_box_id="CP-NEW", open_sessions=0)
    await s.application.execute(home_chargers, HOME, replace_charger, WHY)
    for command in _OF_STATEMENTS:
        await s.application.execute(home_statements, HOME, command, WHY)
    return s
