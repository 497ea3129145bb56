"""The home chargers of the demo: company cars that charge at home, with statements in each state."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.application.charging import ChargingService
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Application
from eosvolt.application.home_codes import code_digest
from eosvolt.domain.calendar import local_date, local_day
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.charge_points.reports import ConnectorStatus, StartReport, StatusReport, StopReport
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage
from eosvolt.domain.customers.commands import AddCustomer
from eosvolt.domain.customers.decider import customers
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
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.price_profiles.commands import AddPriceProfile
from eosvolt.domain.price_profiles.decider import price_profiles
from eosvolt.domain.price_profiles.events import Direction, ProfileTerms, free
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement, SourceKind
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus

ZONE, CURRENCY, PROFILE = "Europe/Berlin", "EUR", "demo-company-cars"
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# Of a home charger of 11 kW, in Wh for each hour.
_WH_AN_HOUR = 10_600


class _DemoHome(NamedTuple):
    """A home: its owner and charger, tokens, and how many of the two months before were approved and paid."""

    owner: str
    charger: str
    business: str
    private: str
    approved: int
    paid: int

    @property
    def key(self) -> str:
        return f"home-demo-{self.charger.lower()}"


HOMES = (
    _DemoHome("Katrin Vogel", "HEIM-01", "FIRMA-01", "PRIVAT-01", approved=2, paid=2),
    _DemoHome("Jonas Lehmann", "HEIM-02", "FIRMA-02", "PRIVAT-02", approved=2, paid=1),
    _DemoHome("Mira Hartmann", "HEIM-03", "FIRMA-03", "PRIVAT-03", approved=1, paid=1),
)


def months_before(now: datetime) -> tuple[date, date]:
    """The first days of the two local months before the present one."""
    this = local_date(now, ZONE).replace(day=1)
    last = (this - _DAY).replace(day=1)
    return (last - _DAY).replace(day=1), last


def founded(now: datetime) -> datetime:
    """When the first month of the home chargers began."""
    return local_day(months_before(now)[0], ZONE)[0]


async def charge_at_home(
    application: Application,
    charging: ChargingService,
    clock: PastClock,
    now: datetime,
    operator: str,
) -> Sequence[CustomerPerson]:
    """Live the home chargers from ``founded`` up to ``now``; returns the personal data of their owners.

    ``operator`` approves and pays their statements.
    """
    why = Provenance(DEMO.company, operator)
    begins = founded(now)
    terms = _terms(begins)
    add = AddPriceProfile(profile=PROFILE, company=DEMO.company, at=begins, terms=terms)
    await application.execute(price_profiles, PROFILE, add, why)
    owners = [_owner(home) for home in HOMES]
    for home, person in zip(HOMES, owners, strict=True):
        clock.set(begins)
        owner = person.customer
        customer = AddCustomer(company=DEMO.company, at=begins, language=CompanyLanguage.GERMAN)
        await application.execute(customers, owner, customer, why)
        await _set_up(application, home, owner, begins, why)
        known = await _lived(charging, clock, home, begins, now)
        await _stated(application, clock, home, owner, terms, known, now, why)
    return owners


def _owner(home: _DemoHome) -> CustomerPerson:
    return CustomerPerson(
        customer=str(uuid5(NAMESPACE_URL, f"home:{DEMO.company}/{home.charger}")),
        company=DEMO.company,
        name=home.owner,
        email=f"{'.'.join(home.owner.lower().split())}@zuhause.example",
        billing=BillingDetails(street="Gartenweg 7", postal_code="04277", city="Leipzig", country="DE"),
    )


def _terms(begins: datetime) -> ProfileTerms:
    """A contract's price in every year that the past and the future of the demo touch."""
    sources = tuple(
        PriceSource(
            since=date(year, 1, 1),
            until=date(year, 12, 31),
            kind=SourceKind.CONTRACT,
            price=Decimal("0.3145"),
            base_share=Decimal("0.0168"),
            evidence=f"Stromvertrag 2024-1177, Abrechnung {year}",
        )
        for year in range(begins.year, begins.year + 3)
    )
    business = tuple(home.business for home in HOMES)
    reimbursement = Reimbursement(tokens=business, sources=sources)
    return ProfileTerms(
        name="Dienstwagen zu Hause",
        tariff=free(CURRENCY),
        direction=Direction.REIMBURSE,
        reimbursement=reimbursement,
    )


async def _set_up(
    application: Application, home: _DemoHome, owner: str, at: datetime, why: Provenance
) -> None:
    for uid, label in ((home.business, "Dienstwagen"), (home.private, "Privat")):
        put = PutToken(company=DEMO.company, uid=uid, at=at, status=TokenStatus.ACCEPTED, label=label)
        await application.execute(tokens, f"{DEMO.company}/{uid}", put, why)
    digest = code_digest(home.key)
    first = AddHomeCharger(
        home=home.key,
        company=DEMO.company,
        at=at,
        charge_box_id=home.charger,
        profile=PROFILE,
        time_zone=ZONE,
    )
    charger = AddChargePoint(
        company=DEMO.company,
        charge_box_id=home.charger,
        location=home.key,
        connectors=(ConnectorSpec(1, "iec62196T2", 11_000),),
        at=at,
        has_password=True,
    )
    rest: tuple[HomeChargerCommand, ...] = (
        IssueHomeCode(at=at, digest=digest, expires_at=at + CODE_VALID, customer=owner),
        RedeemHomeCode(at=at, digest=digest, customer=owner),
        AllowHomeToken(at=at, token=home.business, kind=HomeToken.OWNER),
        AllowHomeToken(at=at, token=home.private, kind=HomeToken.FAMILY),
    )
    await application.execute(home_chargers, home.key, first, why)
    await application.execute(charge_points, f"{DEMO.company}/{home.charger}", charger, why)
    for command in rest:
        await application.execute(home_chargers, home.key, command, why)


async def _lived(
    charging: ChargingService, clock: PastClock, home: _DemoHome, begins: datetime, now: datetime
) -> list[HomeSession]:
    """Every third evening the company car charges, and every fifth another one."""
    key, register, found = f"{DEMO.company}/{home.charger}", 0, []
    nights = (now - begins).days
    for night in range(1, nights):
        business = night % 3 == 0
        if not business and night % 5:
            continue
        hours = 2 + night % 2
        begun = begins + night * _DAY + 18 * _HOUR + (night % 4) * timedelta(minutes=17)
        ended = begun + hours * _HOUR
        if ended + _HOUR > now:
            break
        energy = hours * _WH_AN_HOUR + (night * 37) % 400 - 450 * HOMES.index(home)
        token = home.business if business else home.private
        clock.set(begun)
        await charging.reported(key, _status(ConnectorStatus.PREPARING, begun))
        start = StartReport(connector=1, token=token, meter_start_wh=register, at=begun, received_at=begun)
        number = (await charging.started(key, start)).transaction
        clock.set(ended)
        stop = StopReport(transaction=number, meter_stop_wh=register + energy, at=ended, received_at=ended)
        await charging.stopped(key, stop)
        clock.set(ended + _HOUR)
        await charging.reported(key, _status(ConnectorStatus.AVAILABLE, ended + _HOUR))
        found.append(
            HomeSession(
                session=str(number),
                number=number,
                home=home.key,
                profile=PROFILE,
                charger=home.charger,
                token=token,
                business=business,
                started_at=begun,
                ended_at=ended,
                time_zone=ZONE,
                energy_wh=energy,
                meter_start_wh=register,
                meter_stop_wh=register + energy,
            )
        )
        register += energy
    return found


def _status(status: ConnectorStatus, at: datetime) -> StatusReport:
    return StatusReport(connector=1, status=status, at=at, received_at=at)


async def _stated(
    application: Application,
    clock: PastClock,
    home: _DemoHome,
    owner: str,
    terms: ProfileTerms,
    known: Sequence[HomeSession],
    now: datetime,
    why: Provenance,
) -> None:
    """Approve and pay what the home's story says, some days after each month."""
    reimbursement = terms.reimbursement
    if reimbursement is None:
        return
    for index, month in enumerate(months_before(now)[: home.approved]):
        over = local_day(month_after(month), ZONE)[0]
        at = min(over + 3 * _DAY + 9 * _HOUR, max(over, now - 2 * _HOUR))
        clock.set(at)
        approve = ApproveHomeStatement(
            home=home.key,
            company=DEMO.company,
            at=at,
            month=month,
            profile=PROFILE,
            owner=owner,
            terms=reimbursement,
            currency=CURRENCY,
            sessions=tuple(each for each in known if each.ended_at < over),
        )
        await application.execute(home_statements, home.key, approve, why)
        if index < home.paid:
            paid = min(at + 4 * _DAY, max(at, now - _HOUR))
            clock.set(paid)
            pay = PayHomeStatement(
                at=paid, month=month, profile=PROFILE, reference=f"SEPA-{month:%y%m}-{home.charger[-2:]}"
            )
            await application.execute(home_statements, home.key, pay, why)
