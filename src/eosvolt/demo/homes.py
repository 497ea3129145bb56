"""The home chargers of the demo: company cars that charge at home, and neighbours who pay the owner's price.

They begin some months before the park, so that there are statements: paid, approved, and to be approved.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from eosvolt.adapters.simulator.demo_homes import (
    CARE_CARS,
    COMPANY_CARS,
    HOMES,
    NEIGHBOURS,
    NOT_REDEEMED,
    ZONE,
    DemoHome,
    home_key,
    home_stations,
)
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.history import live_before
from eosvolt.adapters.simulator.past_charger import PastCharger
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.application.executor import Application
from eosvolt.application.home_codes import code_digest
from eosvolt.demo.contents import WHY
from eosvolt.demo.customers import add_customer, give_token, person_of
from eosvolt.demo.past import SEED, PastSystem
from eosvolt.demo.past_sessions import session_rows
from eosvolt.domain.calendar import local_date, local_day
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.home_chargers.commands import (
    AddHomeCharger,
    AllowHomeToken,
    HomeChargerCommand,
    IssueHomeCode,
    RedeemHomeCode,
)
from eosvolt.domain.home_chargers.decider import CODE_VALID, home_chargers
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.home_statements.commands import ApproveHomeStatement, PayHomeStatement
from eosvolt.domain.home_statements.decider import home_statements
from eosvolt.domain.home_statements.sessions import HomeSession
from eosvolt.domain.home_statements.statement import month_after
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.domain.price_profiles.commands import AddPriceProfile
from eosvolt.domain.price_profiles.decider import price_profiles
from eosvolt.domain.price_profiles.events import NO_TIME_ZONE, Direction, ProfileTerms, free
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement, SourceKind
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, Window
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.projections.session_row import home_session

CURRENCY, EMPLOYER = "EUR", "Pflegedienst Linde"
# The customers who are there before the park's others.
NAMES = (*(home.owner for home in HOMES), EMPLOYER)
MONTHS = 3
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# A guest may charge from the beginning on until so long after it.
_GUESTS_STAY = timedelta(days=365)


def months_before(now: datetime) -> list[date]:
    """The first days of the whole local months before the present one that homes lived through."""
    found = [local_date(now, ZONE).replace(day=1)]
    for _ in range(MONTHS):
        found.insert(0, (found[0] - _DAY).replace(day=1))
    return found[:-1]


def founded(now: datetime) -> datetime:
    """When the first month of the home chargers began."""
    return local_day(months_before(now)[0], ZONE)[0]


async def live_at_home(past: PastSystem, begins: datetime, until: datetime) -> Sequence[PastCharger]:
    """Set up the homes at ``begins`` and live in them up to ``until``; they live on from there."""
    application = past.application
    for name in NAMES:
        await add_customer(application, begins, person_of(name), CompanyLanguage.GERMAN)
    for profile, terms in _profiles(begins).items():
        add = AddPriceProfile(profile=profile, company=DEMO.company, at=begins, terms=terms)
        await application.execute(price_profiles, profile, add, WHY)
    for home in HOMES:
        await _set_up(application, home, begins)
    return await live_before(past.use_cases(past.frames), list(home_stations(begins, SEED)), begins, until)


async def offer_home(application: Application, at: datetime) -> None:
    """Add a home charger whose code was handed over, and that nobody redeemed yet."""
    home = home_key(NOT_REDEEMED)
    await _add(application, home, NOT_REDEEMED, COMPANY_CARS, at)
    issue = IssueHomeCode(at=at, digest=code_digest(home), expires_at=at + CODE_VALID)
    await application.execute(home_chargers, home, issue, WHY)


async def state_months(application: Application, facts: Iterable[Fact], now: datetime, operator: str) -> None:
    """Approve and pay what each home's story says, some days after each month; ``operator`` does."""
    why = Provenance(DEMO.company, operator)
    rows = session_rows(facts, lambda start: start.tariff.business is not None)
    known = [session for row in rows if (session := home_session(row)) is not None]
    profiles = _profiles(founded(now))
    for home in HOMES:
        own = [each for each in known if each.home == home.key]
        for index, month in enumerate(months_before(now)[: home.approved]):
            over = local_day(month_after(month), ZONE)[0]
            at = min(over + 3 * _DAY + 9 * _HOUR, max(over, now - 2 * _HOUR))
            sessions = tuple(each for each in own if each.ended_at < over)
            await _approve(application, home, profiles[home.profile], month, at, sessions, why)
            if index < home.paid:
                reference = f"SEPA-{month:%y%m}-{home.plan.charge_box_id[-2:]}"
                paid = min(at + 4 * _DAY, max(at, now - _HOUR))
                pay = PayHomeStatement(at=paid, month=month, profile=home.profile, reference=reference)
                await application.execute(home_statements, home.key, pay, why)


async def _approve(
    application: Application,
    home: DemoHome,
    terms: ProfileTerms,
    month: date,
    at: datetime,
    sessions: tuple[HomeSession, ...],
    why: Provenance,
) -> None:
    if terms.reimbursement is None:
        return
    approve = ApproveHomeStatement(
        home=home.key,
        company=DEMO.company,
        at=at,
        month=month,
        profile=home.profile,
        owner=person_of(home.owner).customer,
        terms=terms.reimbursement,
        currency=CURRENCY,
        sessions=sessions,
    )
    await application.execute(home_statements, home.key, approve, why)


def _profiles(begins: datetime) -> dict[str, ProfileTerms]:
    """The price profiles: what is reimbursed by contract and by a flat rate, and what neighbours pay."""
    years = range(begins.year, begins.year + 3)
    contract = tuple(
        _source(year, SourceKind.CONTRACT, "0.3145", f"Stromvertrag 2024-1177, Abrechnung {year}", "0.0168")
        for year in years
    )
    flat = tuple(
        _source(year, SourceKind.FLAT_RATE, "0.34", f"Strompreispauschale {year}, Bekanntmachung")
        for year in years
    )
    own = Tariff(
        currency=CURRENCY,
        strategy=Strategy.PER_KWH,
        price=Decimal("0.36"),
        vat_rate=Decimal("0.19"),
        time_zone=NO_TIME_ZONE,
        windows=(Window(0, 360, Decimal("0.29")),),
    )
    return {
        COMPANY_CARS: _reimbursing("Dienstwagen zu Hause", COMPANY_CARS, contract),
        CARE_CARS: _reimbursing(EMPLOYER, CARE_CARS, flat, person_of(EMPLOYER).customer),
        NEIGHBOURS: ProfileTerms(name="Wallbox mit Nachbarn", tariff=own),
    }


def _source(year: int, kind: SourceKind, price: str, evidence: str, base_share: str = "0") -> PriceSource:
    return PriceSource(
        since=date(year, 1, 1),
        until=date(year, 12, 31),
        kind=kind,
        price=Decimal(price),
        base_share=Decimal(base_share),
        evidence=evidence,
    )


def _reimbursing(name: str, profile: str, sources: tuple[PriceSource, ...], payer: str = "") -> ProfileTerms:
    business = tuple(home.business.uid for home in HOMES if home.profile == profile and home.business)
    return ProfileTerms(
        name=name,
        tariff=free(CURRENCY),
        direction=Direction.REIMBURSE,
        reimbursement=Reimbursement(payer=payer, tokens=business, sources=sources),
    )


async def _set_up(application: Application, home: DemoHome, at: datetime) -> None:
    """Add the home charger and its cards; the owner redeems the code."""
    owner, digest = person_of(home.owner).customer, code_digest(home.key)
    for token in home.tokens:
        put = PutToken(
            company=DEMO.company, uid=token.uid, at=at, status=TokenStatus.ACCEPTED, label=token.label
        )
        await application.execute(tokens, f"{DEMO.company}/{token.uid}", put, WHY)
        if token != home.guest:
            await give_token(application, at, owner, token.uid)
    await _add(application, home.key, home.plan, home.profile, at)
    kinds = (
        (home.business, HomeToken.OWNER),
        (home.private, HomeToken.FAMILY),
        (home.guest, HomeToken.GUEST),
    )
    commands: tuple[HomeChargerCommand, ...] = (
        IssueHomeCode(at=at, digest=digest, expires_at=at + CODE_VALID, customer=owner),
        RedeemHomeCode(at=at, digest=digest, customer=owner),
        *(
            AllowHomeToken(
                at=at, token=token.uid, kind=kind, until=at + _GUESTS_STAY if token == home.guest else None
            )
            for token, kind in kinds
            if token is not None
        ),
    )
    for command in commands:
        await application.execute(home_chargers, home.key, command, WHY)


async def _add(application: Application, home: str, plan: ChargerPlan, profile: str, at: datetime) -> None:
    first = AddHomeCharger(
        home=home,
        company=DEMO.company,
        at=at,
        charge_box_id=plan.charge_box_id,
        profile=profile,
        time_zone=ZONE,
    )
    charger = AddChargePoint(
        company=DEMO.company,
        charge_box_id=plan.charge_box_id,
        location=home,
        connectors=tuple(ConnectorSpec(plug.number, plug.type, plug.max_power_w) for plug in plan.plugs),
        at=at,
        has_password=True,
    )
    await application.execute(home_chargers, home, first, WHY)
    await application.execute(charge_points, plan.key, charger, WHY)
