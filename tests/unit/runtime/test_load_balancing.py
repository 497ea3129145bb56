"""The loop of a zone: cars come and go, commands fail, and the limits follow."""

from eosvolt.domain.zones.values import PlugWiring, ZoneSettings
from tests.zone_park import Car, ZonePark, a_charger

ROTATED = ((1, 2, 3), (2, 3, 1), (3, 1, 2))


def settings(amperes: int, **more: object) -> ZoneSettings:
    return ZoneSettings(name="Garage", capacity_w=690 * amperes, time_zone="Europe/Berlin", **more)  # type: ignore[arg-type]


def chargers(count: int, most_ma: int = 16_000) -> list:
    return [
        a_charger(n, PlugWiring(plug=1, rotation=ROTATED[n % 3], max_ma=most_ma)) for n in range(1, count + 1)
    ]


async def test_three_cars_share_what_there_is() -> None:
    three = chargers(3)
    park = await ZonePark(three).opened(settings(35))
    await park.moves(2)
    for each in three:
        await park.plugs_in(each, 1, Car(16_000, 3))
        await park.moves(15)
    assert [await park.limit_of(each, 1) for each in three] == [11_600] * 3
    assert all(current <= 35_000 for current in park.drawn_ma())
    await park.stops()
