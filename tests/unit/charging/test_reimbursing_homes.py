"""Charging at a home whose owner is reimbursed."""

from typing import cast

import pytest
from msgspec.structs import replace

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.home_chargers import home_lines
from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.application.charging import ChargingService
from eosvolt.application.operations import home_chargers, price_profiles, tokens
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.price_profiles import NewPriceProfile, PriceProfileChangeInput
from eosvolt.application.operations.tokens import TokenIssue, TokenTerms
from eosvolt.domain.charge_points.reports import StartReport, StopReport
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.money import Money
from eosvolt.projections.session_history import session_history
from tests.examples import COMPANY, after
from tests.reimbursing import BUSINESS, REIMBURSEMENT, REIMBURSING
from tests.unit.charging.test_home_chargers import OneCompany, allow, started
from tests.unit.operations.charging import OWNER
from tests.unit.operations.homes import A_HOME, HOME, HOME_KEY, PROFILE
from tests.web_in_memory import Site


async def reimbursing_home() -> tuple[Site, ChargingService]:
    """A home charger whose owner is reimbursed for what the business token charges."""
    site = await Site().opened()
    await site.operations.run(price_profiles.add, OWNER, NewPriceProfile(profile=PROFILE, terms=REIMBURSING))
    await site.operations.run(home_chargers.add, OWNER, A_HOME)
    for uid in (BUSINESS, "FAMILY"):
        await site.operations.run(tokens.issue, OWNER, TokenIssue(uid=uid, terms=TokenTerms()))
        await allow(site, uid, HomeToken.FAMILY)
    return site, ChargingService(site.application, MemoryNumbers(), site.clock, OneCompany())


async def stopped(charging: ChargingService, transaction: int, minute: int, register_wh: int) -> None:
    report = StopReport(
        transaction=transaction, meter_stop_wh=register_wh, at=after(minute), received_at=after(minute)
    )
    await charging.stopped(HOME_KEY, report)


async def test_business_is_reimbursed_private_is_free_and_other_tokens_count_from_the_next_start() -> None:
    site, charging = await reimbursing_home()
    _, business = await started(charging, BUSINESS, 1)
    site.clock.set(after(30))
    nobody = PriceProfileChangeInput(
        profile=PROFILE,
        changed=lambda known: replace(known, reimbursement=replace(REIMBURSEMENT, tokens=("OTHER",))),
    )
    await site.operations.run(price_profiles.change, OWNER, nobody)
    site.clock.set(after(60))
    await stopped(charging, business, 60, 5_005)
    site.clock.set(after(70))
    report = StartReport(
        connector=1, token="FAMILY", meter_start_wh=5_005, at=after(70), received_at=after(70)
    )
    private = (await charging.started(HOME_KEY, report)).transaction
    site.clock.set(after(90))
    await stopped(charging, private, 90, 6_005)
    found = await site.queries.home_sessions(COMPANY, home=HOME)
    assert [(each.business, each.energy_wh, each.profile) for each in found] == [
        (True, 5_005, PROFILE),
        (False, 1_000, PROFILE),
    ]
    assert [row.total_gross for row in site.queries.models.rows(session_history)] == [0, 0]
    queries = cast("Queries", site.queries)
    (line,) = await home_lines(queries, COMPANY, site.clock.now(), "Europe/Berlin")
    assert line.business_wh == 5_005
    assert line.reimbursed == Money("EUR", 164)


async def test_a_payer_is_a_customer_of_the_company() -> None:
    site = await Site().opened()
    terms = replace(REIMBURSING, reimbursement=replace(REIMBURSEMENT, payer="nobody"))
    with pytest.raises(InvalidValue, match="no such customer"):
        await site.operations.run(price_profiles.add, OWNER, NewPriceProfile(profile=PROFILE, terms=terms))
