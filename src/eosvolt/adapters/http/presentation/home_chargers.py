"""Home chargers for the API and the pages: codes for owners, the list with its figures, time zones."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple
from uuid import uuid4

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.application.home_codes import CODE_LETTERS, code_digest
from eosvolt.application.operations.home_chargers import OwnerCode
from eosvolt.application.performance_questions import PlugFilter, Traded
from eosvolt.domain.calendar import local_date, local_day
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.home_statements.sessions import HomeSession, reimbursed
from eosvolt.domain.money import Money
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.plug_time import MONTH
from eosvolt.projections.price_profiles import PriceProfileRow

# 80 bits.
_GROUPS, _GROUP = 4, 4


CodeState = Literal["open", "expired", "redeemed"]


class HomeLine(NamedTuple):
    """A home charger with what it did in the month of ``zone``.

    ``owed`` is what its owner owes for it; where a profile reimburses, ``reimbursed`` is what the owner is
    owed for ``business_wh``, as far as a price is known. ``charger`` is ``None`` only while the read models
    are being rebuilt, and so is ``profile``.
    """

    row: HomeChargerRow
    charger: ChargePointRow | None
    profile: PriceProfileRow | None
    energy_wh: int
    owed: Money | None
    business_wh: int = 0
    reimbursed: Money | None = None

    @property
    def customer(self) -> str:
        """The owner, or to whom the code was mailed; empty if nobody is known."""
        return self.row.owner or self.row.code_customer

    def code_state(self, now: datetime) -> CodeState:
        """Whether the code was redeemed, or still can be."""
        if self.row.owner:
            return "redeemed"
        ends = self.row.code_expires_at
        return "open" if ends is not None and now < ends else "expired"


def owner_code(email: str, language: CompanyLanguage) -> OwnerCode:
    """A new code, e.g. ``7K3F-9M2X-4TRB-0QZV``, to be mailed or, without an ``email``, handed over."""
    groups = ("".join(secrets.choice(CODE_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    code = "-".join(groups)
    return OwnerCode(
        code=code, digest=code_digest(code), new_customer=str(uuid4()), email=email, language=language
    )


def code_to_show(dependencies: Dependencies, code: OwnerCode) -> str:
    """The code where no mail brings it: of an owner without an address, or without a mail server."""
    return "" if code.email and dependencies.mail else code.code


def company_zone(company: CompanyRow | None) -> str:
    """The time zone of a company's homes where none is said."""
    preferred = "" if company is None else company.preferences.fiscal_time_zone
    return preferred or "Europe/Berlin"


async def home_lines(
    queries: Queries, company: int, now: datetime, zone: str, home: str = ""
) -> list[HomeLine]:
    """The home chargers by charge box id, or only the one with the id ``home``."""
    if home:
        one = await queries.home_charger(company, home)
        rows: Sequence[HomeChargerRow] = () if one is None else (one,)
    else:
        rows = await queries.home_chargers(company)
    if not rows:
        return []
    known = {row.profile: row for row in await queries.price_profiles(company, removed=True)}
    found = await queries.chargers_named(company, [row.charge_box_id for row in rows])
    chargers = {row.charge_box_id: row for row in found}
    begin = local_date(now, zone).replace(day=1)
    following = (begin + timedelta(days=32)).replace(day=1)
    wanted = PlugFilter(locations=tuple(row.location for row in rows))
    sold: dict[str, list[Traded]] = defaultdict(list)
    for each in await queries.traded(company, wanted, begin, following, by=MONTH, apart=True):
        sold[each.location].append(each)
    ended: dict[str, list[HomeSession]] = defaultdict(list)
    if any(row.terms.reimbursement for row in known.values()):
        month = local_day(begin, zone)[0], local_day(following, zone)[0]
        for session in await queries.home_sessions(company, home=home, since=month[0], until=month[1]):
            ended[session.home].append(session)
    return [
        _line(row, chargers.get(row.charge_box_id), known, sold[row.location], ended[row.location])
        for row in rows
    ]


def _line(
    row: HomeChargerRow,
    charger: ChargePointRow | None,
    profiles: Mapping[str, PriceProfileRow],
    sold: Sequence[Traded],
    ended: Sequence[HomeSession],
) -> HomeLine:
    profile = profiles.get(row.profile)
    currency = "" if profile is None else profile.terms.tariff.currency
    gross = sum(each.gross for each in sold if each.currency == currency)
    reimbursing = bool(ended) or (profile is not None and profile.terms.reimbursement is not None)
    return HomeLine(
        row=row,
        charger=charger,
        profile=profile,
        energy_wh=sum(each.energy_wh for each in sold),
        owed=Money(currency, gross) if currency else None,
        business_wh=sum(each.energy_wh for each in ended if each.business),
        reimbursed=_reimbursed(ended, profiles, currency) if currency and reimbursing else None,
    )


def _reimbursed(
    ended: Sequence[HomeSession], profiles: Mapping[str, PriceProfileRow], currency: str
) -> Money:
    """What the owner is owed for sessions; those of which no price is known yet are left out."""
    owed = Money.zero(currency)
    for each in ended:
        profile = profiles.get(each.profile)
        terms = None if profile is None else profile.terms.reimbursement
        source = None if terms is None else each.source(terms)
        if source is not None:
            owed += reimbursed(each.energy_wh, Fraction(source.per_kwh), currency)
    return owed
