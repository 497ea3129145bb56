"""How values look on a page."""

from datetime import UTC, date, datetime, timedelta

from eosvolt.adapters.http.presentation.instants import minute_text, time_span
from eosvolt.adapters.http.web.shell.fault_labels import fault_text
from eosvolt.adapters.http.web.shell.formats import (
    ago_text,
    downtime,
    energy,
    kwh,
    lasting,
    moment,
    period_name,
)
from eosvolt.adapters.http.web.shell.labels import actor
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.events import FaultRecurred
from eosvolt.projections.uptime_share import Share

AT = datetime(2026, 11, 28, 17, 5, tzinfo=UTC)


def test_energy_is_shown_to_the_wh() -> None:
    assert (energy(75), energy(12_000), energy(38_041)) == ("0.075 kWh", "12.00 kWh", "38.041 kWh")
    assert (kwh(75), kwh(12_000)) == ("0.075", "12.000")


def test_a_sum_of_a_thousand_kwh_is_in_mwh() -> None:
    assert energy(1_234_567) == "1.23 MWh"


def test_a_time_names_its_zone_where_several_meet() -> None:
    assert '>28 Nov 18:05 <span class="zone">CET</span><' in moment(AT, "Europe/Berlin", named=True)
    assert '>28 Nov 17:05 <span class="zone">GMT</span><' in moment(AT, "Europe/London", named=True)


def test_a_year_that_is_another_is_said() -> None:
    assert ">28 Nov 18:05<" in moment(AT, "Europe/Berlin", then=AT)
    assert ">28 Nov 2026 18:05<" in moment(AT, "Europe/Berlin", then=AT.replace(year=2027))


def test_a_stretch_of_days_is_named_as_short_as_it_can_be() -> None:
    november, year = date(2026, 11, 1), date(2026, 1, 1)
    assert period_name("month", date(2026, 10, 1), date(2026, 10, 29), november) == "1–28 Oct"
    assert period_name("month", date(2026, 10, 1), november, november) == "Oct 2026"
    assert period_name("month", date(2025, 12, 1), date(2025, 12, 15), year) == "1–14 Dec 2025"
    assert period_name("day", date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 28)) == "Fri 27 Nov"
    assert period_name("year", date(2025, 1, 1), date(2025, 11, 29), year) == "1 Jan – 28 Nov 2025"
    assert period_name("year", date(2025, 1, 1), year, year) == "2025"


def test_durations_have_one_form_wherever_they_stand() -> None:
    spans = ((45, "45 s"), (300, "5 min"), (3900, "1 h 5 min"), (116_400, "1 d 8 h"), (226_800, "2 d 15 h"))
    for seconds, text in spans:
        assert lasting(timedelta(seconds=seconds)) == text
        assert ago_text(timedelta(seconds=seconds)) == f"{text} ago"


def test_authors_have_their_names() -> None:
    people = {"admin:1": "Ada", "api-key:2": "Billing"}
    assert [actor(by, people) for by in ("admin:1", "api-key:2", "charger:CP-1", "system:idle-watch")] == [
        "Ada",
        "API key “Billing”",
        "charger CP-1",
        "idle watch",
    ]
    assert actor("admin:9", people) == "a former administrator"
    assert actor("driver:23904359-8801-5d93-9b07-7bb451526237", people) == "a driver"


def test_entries_that_keep_older_sentences_are_shown_in_todays() -> None:
    at = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    restarted = because(Why.REBOOT_WHILE_CHARGING, sessions=2)
    stored = FaultRecurred(number=1, at=at, occurrences=2, explanation=restarted)
    assert fault_text(stored) == "Unexpected reboot (no reset was sent). 2 sessions were running."
    recurred = FaultRecurred(number=1, at=at, occurrences=2, text="Ground failure.")
    assert fault_text(recurred) == "Ground failure."


def test_down_time_of_several_plugs_is_an_average() -> None:
    month = Share(observed=timedelta(days=60), faulted=timedelta(hours=32), offline=timedelta(hours=4))
    assert downtime(month, 2) == (
        "Observed 30 d 0 h (average of 2 plugs): down 18 h 0 min (faulted 16 h 0 min, offline 2 h 0 min)."
    )
    alone = Share(observed=timedelta(days=30), planned=timedelta(hours=5))
    assert downtime(alone) == "Observed 30 d 0 h: never down. Planned out of service: 5 h 0 min."
    assert downtime(Share(), 2) == "Not observed yet."


def test_sentences_say_dates_as_the_pages_do() -> None:
    ends = AT + timedelta(hours=1)
    assert minute_text(AT, "Europe/Berlin") == "28 Nov 2026 18:05"
    assert time_span(AT, ends, "Europe/Berlin") == "28 Nov 2026 18:05–19:05"
    assert time_span(AT, ends, "Asia/Yekaterinburg") == "28 Nov 2026 22:05–23:05"
    # Over midnight of the location.
    over_midnight = time_span(AT, AT + timedelta(hours=8), "Europe/Berlin")
    assert over_midnight == "28 Nov 2026 18:05–29 Nov 2026 02:05"
