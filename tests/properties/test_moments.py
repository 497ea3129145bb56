"""Instants look as CLDR writes them, though dates and the names of clocks are kept from one to the next."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.adapters.http.framework.texts import LOCALES, gettext, language, speaking
from eosvolt.adapters.http.web.shell.formats import clock_of, full_moment, moment

# Clocks that are set in summer and others, one of them by half hours from UTC.
ZONES = st.sampled_from(
    ["Europe/Berlin", "Europe/London", "America/St_Johns", "Asia/Kolkata", "Pacific/Kiritimati", "UTC"]
)
# Seconds of the years 2000 to 2099.
INSTANTS = st.integers(946_684_800, 4_102_444_799).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(at=INSTANTS, zone=ZONES, code=st.sampled_from(sorted(LOCALES)))
def test_an_instant_is_written_as_cldr_writes_it(at: datetime, zone: str, code: str) -> None:
    local = at.astimezone(ZoneInfo(zone))

    def written(pattern: str) -> str:
        return format_datetime(local, pattern, locale=LOCALES[code])

    with speaking(language(code)):
        day = gettext("d MMM")
        assert f">{written(f'{day} y HH:mm:ss zzz')}</time>" in full_moment(at, zone)
        assert f'title="{written(f"EEE {day} y HH:mm:ss")} {zone}' in full_moment(at, zone)
        named = moment(at, zone, named=True)
        assert f'>{written(f"{day} HH:mm")} <span class="zone">{written("zzz")}</span></time>' in named
        assert f">{written(f'{day} HH:mm:ss')}</time>" in moment(at, zone, seconds=True)
        assert clock_of(at, zone) == written("HH:mm")
