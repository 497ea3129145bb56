"""Sessions at homes whose owners are reimbursed."""

from datetime import date, datetime
from fractions import Fraction

from msgspec import Struct

from eosvolt.domain.calendar import local_date
from eosvolt.domain.money import Money, round_half_up
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement


class HomeSession(Struct, frozen=True, kw_only=True):
    """A session that ended at a home while ``profile`` reimbursed its owner.

    ``business``: its token counted as business at its start. ``energy_wh`` is what was metered.
    """

    session: str
    number: int
    home: str
    profile: str
    charger: str
    token: str
    business: bool
    started_at: datetime
    ended_at: datetime
    time_zone: str
    energy_wh: int
    meter_start_wh: int | None = None
    meter_stop_wh: int | None = None

    @property
    def day(self) -> date:
        """The local day of its start, by which its price is chosen."""
        return local_date(self.started_at, self.time_zone)

    def source(self, terms: Reimbursement) -> PriceSource | None:
        """Where its price comes from; ``None`` for a private session, and where no price is known."""
        return terms.source_on(self.day) if self.business else None


def reimbursed(energy_wh: int, per_kwh: Fraction, currency: str) -> Money:
    """The amount for energy at a price per kWh, rounded half-up once."""
    return round_half_up(Fraction(energy_wh, 1000) * per_kwh, currency)
