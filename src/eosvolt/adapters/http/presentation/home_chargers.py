"""Home chargers for the API and the pages: codes for owners, the list with its figures, time zones."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import uuid4

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.application.home_codes import CODE_LETTERS, code_digest
from eosvolt.application.operations.home_chargers import OwnerCode
from eosvolt.application.performance_questions import PlugFilter, Traded
from eosvolt.domain.calendar import local_date
from eosvolt.domain.companies.settings import CompanyLanguage
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
    """A home charger with what it did in the month of ``zone``; ``owed`` is what its owner owes for it.

    ``charger`` is ``None`` only while the read models are being rebuilt, and so is ``profile``.
    """

    row: HomeChargerRow
    charger: ChargePointRow | None
    profile: PriceProfileRow | None
    energy_wh: int
    owed: Money | None

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
    profiles = {row.profile: row for row in await queries.price_profiles(company)}
    found = await queries.chargers_named(company, [row.charge_box_id for row in rows])
    chargers = {row.charge_box_id: row for row in found}
    begin = local_date(now, zone).replace(day=1)
    following = (begin + timedelta(days=32)).replace(day=1)
    wanted = PlugFilter(locations=tuple(row.location for row in rows))
    sold: dict[str, list[Traded]] = defaultdict(list)
    for each in await queries.traded(company, wanted, begin, following, by=MONTH, apart=True):
        sold[each.location].append(each)
    return [
        _line(row, chargers.get(row.charge_box_id), profiles.get(row.profile), sold[row.location])
        for row in rows
    ]


def _line(
    row: HomeChargerRow,
    charger: ChargePointRow | None,
    profile: PriceProfileRow | None,
    sold: Sequence[Traded],
) -> HomeLine:
    currency = "" if profile is None else profile.terms.tariff.currency
    gross = sum(each.gross for each in sold if each.currency == currency)
    return HomeLine(
        row=row,
        charger=charger,
        profile=profile,
        energy_wh=sum(each.energy_wh for each in sold),
        owed=Money(currency, gross) if currency else None,
    )
