"""The demo's home chargers as plain data, and as chargers with lives. Places and people are invented."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from eosvolt.adapters.simulator.demo_park import AC, COMPANY, DemoToken
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.fault_injection import FaultRates
from eosvolt.adapters.simulator.plans import ChargerPlan, PlugPlan
from eosvolt.adapters.simulator.station import Station

ZONE = "Europe/Berlin"
# Nobody would solve the faults of a home: it has none in any time that a demo runs.
_HARDLY_EVER = FaultRates(defect_h=1e6, link_h=1e6, power_h=1e6)


def home_key(plan: ChargerPlan) -> str:
    """The id of the home of a charger."""
    return f"home-demo-{plan.charge_box_id.lower()}"


class DemoHome(msgspec.Struct, frozen=True, kw_only=True):
    """A home charger: the customer whose it is, the key of its price profile, and the cards.

    ``business`` is the card of the company car, if there is one. Of the whole months that it lived through,
    the statements of the first ``approved`` were approved, and of the first ``paid`` paid as well.
    """

    owner: str
    plan: ChargerPlan
    profile: str
    business: DemoToken | None = None
    private: DemoToken
    guest: DemoToken | None = None
    approved: int = 0
    paid: int = 0

    @property
    def key(self) -> str:
        """The id of the home."""
        return home_key(self.plan)

    @property
    def tokens(self) -> tuple[DemoToken, ...]:
        """All cards that charge there."""
        return tuple(each for each in (self.business, self.private, self.guest) if each is not None)


def _plan(charge_box_id: str) -> ChargerPlan:
    return ChargerPlan(
        company=COMPANY,
        charge_box_id=charge_box_id,
        plugs=(PlugPlan(1, AC, 11_000),),
        profile="home",
        time_zone=ZONE,
        vendor="Ladefuchs",
        model="LF Home 11",
        firmware="1.6.0",
        serial=f"LFH-{charge_box_id}",
    )


COMPANY_CARS, CARE_CARS, NEIGHBOURS = "demo-company-cars", "demo-care-cars", "demo-neighbours"
HOMES = (
    DemoHome(
        owner="Anna Weber",
        plan=_plan("HEIM-LEJ-01"),
        profile=COMPANY_CARS,
        business=DemoToken("04B1107C2E5E80", "Dienstwagen 1"),
        private=DemoToken("04B1107C2F5E80", "Privatwagen"),
        approved=3,
        paid=3,
    ),
    DemoHome(
        owner="Jonas Krüger",
        plan=_plan("HEIM-LEJ-02"),
        profile=COMPANY_CARS,
        business=DemoToken("04B1208A405E80", "Dienstwagen 2"),
        private=DemoToken("04B1208A415E80", "Privatwagen"),
        approved=3,
        paid=2,
    ),
    DemoHome(
        owner="Mia Hoffmann",
        plan=_plan("HEIM-LEJ-03"),
        profile=CARE_CARS,
        business=DemoToken("04B130A1525E80", "Pflegedienst 9"),
        private=DemoToken("04B130A1535E80", "Privatwagen"),
        approved=2,
        paid=2,
    ),
    DemoHome(
        owner="Paul Schäfer",
        plan=_plan("HEIM-LEJ-04"),
        profile=NEIGHBOURS,
        private=DemoToken("04B140B9645E80", "Privatwagen"),
        guest=DemoToken("04B140B9655E80", "Nachbarn"),
    ),
)
# Its code was handed over and nobody redeemed it yet: it never charged.
NOT_REDEEMED = _plan("HEIM-LEJ-05")
HOME_PLANS = {home.plan.charge_box_id: home.plan for home in HOMES}


def home_stations(since: datetime, seed: int, homes: Sequence[DemoHome] = HOMES) -> Iterator[Station]:
    """The home chargers as they start at ``since``; those who live there have their own cards."""
    for home in homes:
        wallet = Wallet([token.uid for token in home.tokens])
        yield Station(home.plan, wallet, since, seed=seed, fault_rates=_HARDLY_EVER)
