"""Who may charge at a home and until when, and at which prices."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.adapters.http.presentation.account_mails import written
from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.listed_tokens import ListedTokens
from eosvolt.application.home_codes import code_digest
from eosvolt.application.operations import (
    chargers,
    customers,
    home_chargers,
    locations,
    price_profiles,
    tokens,
)
from eosvolt.application.operations.chargers import ChargerById, ChargerChangeInput, NewChargerInput
from eosvolt.application.operations.customers import (
    CustomerChangeInput,
    CustomerTerms,
    NewCustomerInput,
)
from eosvolt.application.operations.home_chargers import (
    HomeChargerById,
    HomeProfileChoice,
    HomeTokenEnd,
    HomeTokenInput,
)
from eosvolt.application.operations.locations import LocationChangeInput
from eosvolt.application.operations.operation import AlreadyThere
from eosvolt.application.operations.price_profiles import PriceProfileChangeInput
from eosvolt.application.operations.tokens import TokenIssue, TokenTerms
from eosvolt.application.permissions import NotThere
from eosvolt.domain.charge_points.reports import StartReport
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.home_chargers.commands import RedeemHomeCode
from eosvolt.domain.home_chargers.decider import HomeCharger
from eosvolt.domain.home_chargers.decider import home_chargers as homes
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.kernel import Provenance, Rejected
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import start_of
from eosvolt.domain.tokens.events import Authorization
from tests.examples import COMPANY, LOCATION, after
from tests.unit.operations.charging import OWNER, a_location
from tests.unit.operations.homes import (
    A_HOME,
    BOX,
    CODE,
    DEARER,
    HOME,
    HOME_KEY,
    PROFILE,
    TERMS,
    a_home,
    a_profile,
    dearer_terms,
)
from tests.web_in_memory import Site


class OneCompany:
    async def only_company(self) -> int | None:
        return COMPANY


async def at_home() -> tuple[Site, ChargingService]:
    """A home charger, and the tokens of a guest, of the family and of somebody else."""
    site = await Site().opened()
    await a_home(site)
    for uid in ("FAMILY", "GUEST", "OTHER"):
        await site.operations.run(tokens.issue, OWNER, TokenIssue(uid=uid, terms=TokenTerms()))
    await allow(site, "FAMILY", HomeToken.FAMILY)
    await allow(site, "GUEST", HomeToken.GUEST, after(60))
    return site, ChargingService(site.application, MemoryNumbers(), site.clock, OneCompany())


async def allow(site: Site, token: str, kind: HomeToken, until: datetime | None = None) -> None:
    wanted = HomeTokenInput(home=HOME, token=token, kind=kind, until=until)
    await site.operations.run(home_chargers.allow, OWNER, wanted)


async def started(charging: ChargingService, token: str, minute: int) -> tuple[Authorization, int]:
    report = StartReport(
        connector=1, token=token, meter_start_wh=0, at=after(minute), received_at=after(minute)
    )
    answer = await charging.started(HOME_KEY, report)
    return answer.token.authorization, answer.transaction


async def test_only_who_is_allowed_at_the_home_may_charge() -> None:
    site, charging = await at_home()
    for token, expected in (("family", "Accepted"), ("guest", "Accepted"), ("other", "Invalid")):
        assert (await charging.authorized(HOME_KEY, token)).authorization == expected, token
    site.clock.set(after(60))
    assert (await charging.authorized(HOME_KEY, "guest")).authorization is Authorization.INVALID
    assert (await charging.authorized(HOME_KEY, "family")).authorization is Authorization.ACCEPTED


async def test_a_guest_s_time_counts_at_the_start_however_late_it_is_told() -> None:
    site, charging = await at_home()
    site.clock.set(after(300))
    late = StartReport(connector=1, token="GUEST", meter_start_wh=0, at=after(10), received_at=after(300))
    number = (await charging.started(HOME_KEY, late)).transaction
    begun = start_of(await site.application.state(sessions, str(number)))
    assert begun is not None
    assert "notListed" not in begun.flags


async def test_a_withdrawn_token_charges_no_more() -> None:
    site, charging = await at_home()
    await site.operations.run(home_chargers.withdraw, OWNER, HomeTokenEnd(home=HOME, token="family"))
    assert (await charging.authorized(HOME_KEY, "family")).authorization is Authorization.INVALID


async def test_a_session_at_home_is_of_its_own_type_and_pins_the_profile_s_prices() -> None:
    site, charging = await at_home()
    _, number = await started(charging, "FAMILY", 1)
    change = PriceProfileChangeInput(profile=PROFILE, changed=dearer_terms)
    site.clock.set(after(5))
    await site.operations.run(price_profiles.change, OWNER, change)
    begun = start_of(await site.application.state(sessions, str(number)))
    assert begun is not None
    assert begun.type == "home"
    assert begun.tariff == TERMS.tariff_in("Europe/Berlin", PROFILE)
    site.clock.set(after(10))
    _, second = await started(charging, "GUEST", 10)
    later = start_of(await site.application.state(sessions, str(second)))
    assert later is not None
    assert later.tariff.price == Decimal("0.45")


async def test_another_profile_prices_the_sessions_to_come() -> None:
    site, charging = await at_home()
    await site.operations.run(home_chargers.assign, OWNER, HomeProfileChoice(home=HOME, profile=DEARER))
    site.clock.set(after(10))
    _, number = await started(charging, "FAMILY", 10)
    begun = start_of(await site.application.state(sessions, str(number)))
    assert begun is not None
    assert begun.tariff.price == Decimal("0.45")
    # The profile before has no say any more.
    site.clock.set(after(11))
    cheaper = PriceProfileChangeInput(
        profile=PROFILE, changed=lambda known: replace(known, tariff=replace(known.tariff, price=Decimal(0)))
    )
    await site.operations.run(price_profiles.change, OWNER, cheaper)
    site.clock.set(after(20))
    _, second = await started(charging, "GUEST", 20)
    later = start_of(await site.application.state(sessions, str(second)))
    assert later is not None
    assert later.tariff.price == Decimal("0.45")


async def test_its_currency_cannot_change_once_there_are_sessions() -> None:
    site, charging = await at_home()
    await started(charging, "FAMILY", 1)
    francs = PriceProfileChangeInput(
        profile=PROFILE,
        changed=lambda known: replace(known, tariff=replace(known.tariff, currency="CHF")),
    )
    with pytest.raises(Rejected, match="currency"):
        await site.operations.run(price_profiles.change, OWNER, francs)


async def test_a_home_is_no_location_that_one_can_change_or_choose() -> None:
    site, _ = await at_home()
    await a_location(site)
    with pytest.raises(NotThere):
        await site.operations.run(
            locations.change, OWNER, LocationChangeInput(location=HOME, changed=lambda terms: terms)
        )
    moved = ChargerChangeInput(charger=BOX, terms=ChargerTerms(location=LOCATION))
    with pytest.raises(Rejected, match="stays at its home"):
        await site.operations.run(chargers.change, OWNER, moved)
    with pytest.raises(Rejected, match="own page"):
        await site.operations.run(chargers.remove, OWNER, ChargerById(charger=BOX))


async def test_a_charger_that_is_known_is_not_added_again() -> None:
    site, _ = await at_home()
    with pytest.raises(AlreadyThere):
        await site.operations.run(home_chargers.add, OWNER, replace(A_HOME, home="home-2"))


async def test_it_is_removed_with_its_charger_but_not_during_a_session() -> None:
    site, charging = await at_home()
    await started(charging, "FAMILY", 1)
    with pytest.raises(Rejected, match="open"):
        await site.operations.run(home_chargers.remove, OWNER, HomeChargerById(home=HOME))
    site, charging = await at_home()
    await site.operations.run(home_chargers.remove, OWNER, HomeChargerById(home=HOME))
    assert await charging.admit(COMPANY, BOX) is None
    site.clock.set(site.clock.now() + timedelta(minutes=1))
    again = replace(A_HOME, home="home-2")
    await site.operations.run(home_chargers.add, OWNER, again)
    assert await charging.admit(COMPANY, BOX) is not None


async def test_the_charger_s_own_list_has_only_who_may_charge_there_and_guests_until_their_end() -> None:
    site, _ = await at_home()
    listed = await ListedTokens(site.application, site.queries).at(HOME_KEY)
    assert [(each.uid, each.expires_at) for each in listed] == [("FAMILY", None), ("GUEST", after(60))]
    await a_location(site)
    added = NewChargerInput(charger="CP-PUBLIC", location=LOCATION, connectors=A_HOME.connectors)
    await site.operations.run(chargers.add, OWNER, added)
    everybody = await ListedTokens(site.application, site.queries).at(f"{COMPANY}/CP-PUBLIC")
    assert {each.uid for each in everybody} == {"FAMILY", "GUEST", "OTHER"}


async def redeemed(site: Site, customer: str) -> None:
    command = RedeemHomeCode(at=site.clock.now(), digest=code_digest(CODE), customer=customer)
    why = Provenance(COMPANY, f"customer:{customer}")
    await site.application.execute(homes, HOME, command, why)


async def test_all_tokens_of_the_owner_may_charge_also_those_that_come_later() -> None:
    site, charging = await at_home()
    anas = NewCustomerInput(customer="ana", terms=CustomerTerms(name="Ana", tokens=("ANA-1",)))
    await site.operations.run(customers.add, OWNER, anas)
    assert (await charging.authorized(HOME_KEY, "ana-1")).authorization is Authorization.INVALID
    await redeemed(site, "ana")
    assert (await charging.authorized(HOME_KEY, "ana-1")).authorization is Authorization.ACCEPTED
    more = CustomerChangeInput(
        customer="ana", changed=lambda terms: replace(terms, tokens=("ANA-1", "ANA-2", "OTHER"))
    )
    await site.operations.run(customers.change, OWNER, more)
    for token in ("ana-2", "other", "guest"):
        assert (await charging.authorized(HOME_KEY, token)).authorization is Authorization.ACCEPTED, token
    listed = await ListedTokens(site.application, site.queries).at(HOME_KEY)
    assert sorted(each.uid for each in listed) == ["ANA-1", "ANA-2", "FAMILY", "GUEST", "OTHER"]
    site.clock.set(after(5))
    authorization, number = await started(charging, "ANA-2", 5)
    assert authorization is Authorization.ACCEPTED
    begun = start_of(await site.application.state(sessions, str(number)))
    assert begun is not None
    assert (begun.flags, begun.customer) == ((), "ana")


async def test_a_code_by_mail_makes_the_customer_once_and_goes_out_in_the_company_s_language() -> None:
    site = await Site().opened()
    await a_profile(site)
    for number, new in ((1, "ana"), (2, "ana-again")):
        owner = replace(
            A_HOME.owner, email="ana@home.example", language=CompanyLanguage.GERMAN, new_customer=new
        )
        wanted = replace(A_HOME, home=f"home-{number}", charger=f"{BOX}-{number}", owner=owner)
        await site.operations.run(home_chargers.add, OWNER, wanted)
        home = await site.application.state(homes, f"home-{number}")
        assert isinstance(home, HomeCharger)
        assert home.code is not None
        assert home.code.customer == "ana"
    mails = site.account_mails.waiting
    assert [(mail.address, mail.language, mail.values["code"]) for mail in mails] == [
        ("ana@home.example", "de", CODE)
    ] * 2
    text = written("https://cpo.example", mails[0])
    assert text.subject == "Ihre Heimladestation"
    assert CODE in text.text
    # Nothing of it is in the history.
    assert not any("ana@home.example" in str(fact) or CODE in str(fact) for fact in site.store.facts)


async def test_a_code_that_somebody_redeemed_is_not_redeemed_again() -> None:
    site, _ = await at_home()
    await redeemed(site, "ana")
    with pytest.raises(Rejected, match="used or replaced"):
        await redeemed(site, "ben")
