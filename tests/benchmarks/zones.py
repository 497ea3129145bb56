"""How long a decision takes for a zone: ``python -m tests.benchmarks.zones [chargers]``."""

import sys
from datetime import timedelta
from time import perf_counter

from eosvolt.domain.load_balancing.balance import balance
from eosvolt.domain.load_balancing.demand import Draw, Taking
from eosvolt.domain.load_balancing.situation import BalancedCharger, BalancedPlug, CarSession
from eosvolt.domain.smart_charging.events import FALLBACK
from eosvolt.domain.smart_charging.state import PlugLimit, SmartCharging
from eosvolt.domain.zones.decider import Zone
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import Distribution, PlugWiring, SiteMeter, ZoneCharger, ZoneSettings
from tests.examples import COMPANY, MORNING

ROTATIONS = ((1, 2, 3), (2, 3, 1), (3, 1, 2), ())
ROUNDS = 20


def a_zone(count: int, distribution: Distribution) -> tuple[ZoneTree, list[BalancedCharger]]:
    """A tree of two levels: each charger has a session, draws something else, and gets another share."""
    chargers = [a_charger(number) for number in range(count)]
    settings = ZoneSettings(
        name="Car park",
        capacity_w=4_600 * count,
        time_zone="Europe/Berlin",
        distribution=distribution,
        site_meter=SiteMeter.EXTERNAL,
        worst_case_w=1_000,
    )
    own = {each.charge_point: ZoneCharger(charge_point=each.charge_point) for each in chargers}
    root = Zone(zone="root", company=COMPANY, settings=settings, enabled=True, children=("deck",))
    deck = Zone(
        zone="deck",
        company=COMPANY,
        settings=ZoneSettings(
            name="Deck", capacity_w=4_500 * count, time_zone="Europe/Berlin", parent="root"
        ),
        enabled=True,
        chargers=own,
    )
    return ZoneTree("root", {"root": root, "deck": deck}), chargers


def a_charger(number: int) -> BalancedCharger:
    phases = 1 if number % 5 == 0 else 3
    wiring = PlugWiring(
        plug=1,
        phases=phases,
        rotation=ROTATIONS[number % 4][:phases],
        max_ma=(16_000, 32_000, 63_000)[number % 3],
    )
    key = f"{COMPANY}/CP-{number}"
    state = SmartCharging(
        company=COMPANY,
        charge_point=key,
        zone="deck",
        plugs=(wiring,),
        fallback_ma=0,
        following=True,
        joined_at=MORNING,
        limits={
            FALLBACK: PlugLimit(in_force_ma=0, confirmed_at=MORNING),
            1: PlugLimit(session=f"s{number}", in_force_ma=6_000 + number % 7 * 100, confirmed_at=MORNING),
        },
    )
    began = MORNING + timedelta(seconds=number)
    drawn = Draw(MORNING + timedelta(minutes=30), 5_000 + number, 5_000 + number, 3_450, 5_000)
    taking = Taking(f"s{number}", MORNING, 5_000 + number * 20)
    plug = BalancedPlug(wiring, CarSession(f"s{number}", number, began), drawn, taking)
    return BalancedCharger("deck", key, state, (plug,))


def main(count: int = 500) -> None:
    """Print the shortest time of a decision for each distribution."""
    for distribution in Distribution:
        tree, chargers = a_zone(count, distribution)
        now = MORNING + timedelta(minutes=30)
        times, decision = [], balance(tree, chargers, now)
        for _ in range(ROUNDS):
            began = perf_counter()
            decision = balance(tree, chargers, now)
            times.append(perf_counter() - began)
        changed = sum(each.changed for each in decision.plugs)
        print(f"{distribution}: {count} chargers, {changed} limits in {min(times) * 1000:.1f} ms")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
