"""What plugs and connections tell, as entries of the diagnostics page."""

from eosvolt.adapters.http.web.shell.fault_labels import fault_text
from tests.examples import after
from tests.scenario import Scenario


async def test_a_plug_that_reports_an_error_is_a_fault_until_it_reports_none() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted", error="GroundFailure")
    assert [(row.code, row.kind, row.state) for row in s.faults()] == [("GroundFailure", "hardware", "open")]
    await s.reports(2, "Available")
    assert [(row.state, row.recovered_at) for row in s.faults()] == [("recovered", after(2))]


async def test_a_charger_that_stays_disconnected_is_a_fault_of_its_communication() -> None:
    s = await Scenario().opened()
    await s.disconnects(10)
    await s.passes(14.9)
    assert s.faults() == []
    await s.passes(15.1)
    assert [(row.code, row.kind, row.since) for row in s.faults()] == [
        ("NoContact", "communication", after(15))
    ]
    await s.connects(30)
    assert s.faults()[0].state == "recovered"


async def test_a_charger_that_comes_back_soon_is_no_fault() -> None:
    s = await Scenario().opened()
    await s.disconnects(10)
    await s.connects(13)
    await s.passes(60)
    assert s.faults() == []


async def test_an_error_of_a_plug_that_works_on_is_a_warning() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Charging", error="HighTemperature")
    assert [(row.code, row.severity) for row in s.faults()] == [("HighTemperature", "warning")]
    await s.reports(2, "Faulted", error="HighTemperature")
    assert [(row.severity, row.occurrences) for row in s.faults()] == [("error", 2)]


async def test_another_state_with_the_same_error_is_no_other_occurrence() -> None:
    s = await Scenario().opened()
    for minute, status in enumerate(("Preparing", "Charging", "SuspendedEV", "Finishing")):
        await s.reports(minute, status, error="WeakSignal")
    assert [(row.kind, row.occurrences) for row in s.faults()] == [("communication", 1)]


async def test_a_plug_without_a_code_of_its_own_is_faulted_as_such() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted")
    await s.reports(2, "Faulted", error="OverVoltage")
    assert [(row.code, row.kind, row.state) for row in s.faults()] == [
        ("Faulted", "hardware", "recovered"),
        ("OverVoltage", "power", "open"),
    ]


async def test_a_report_that_comes_after_a_newer_recovery_opens_nothing() -> None:
    s = await Scenario().opened()
    await s.reports(10, "Available")
    await s.reports(5, "Faulted", error="GroundFailure", received=11)
    assert s.faults() == []


async def test_a_repeated_report_is_counted_once() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted", error="GroundFailure")
    await s.reports(1, "Faulted", error="GroundFailure", received=2)
    assert [row.occurrences for row in s.faults()] == [1]


async def test_a_fault_that_flickers_within_one_second_of_the_chargers_clock_is_still_seen() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted", error="GroundFailure")
    await s.reports(1, "Available", received=1.01)
    await s.reports(1, "Faulted", error="GroundFailure", received=1.02)
    assert [(row.state, row.occurrences) for row in s.faults()] == [("open", 2)]


async def test_a_fault_whose_report_took_long_is_over_with_a_later_report_of_the_chargers_clock() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Available")
    # Within the same second of the charger's clock, so the time it was received counts.
    await s.reports(1, "Faulted", error="GroundFailure", received=1.05)
    await s.reports(1.02, "Faulted", error="OverVoltage", received=1.06)
    assert [(row.code, row.state) for row in s.faults()] == [
        ("GroundFailure", "recovered"),
        ("OverVoltage", "open"),
    ]
    await s.reports(1.03, "Faulted", error="GroundFailure", received=1.07)
    assert [(row.code, row.state, row.occurrences) for row in s.faults()] == [
        ("GroundFailure", "open", 2),
        ("OverVoltage", "recovered", 1),
    ]


async def test_a_fault_names_the_session_that_was_running() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.reports(1, "Faulted", error="GroundFailure")
    assert [row.session for row in s.faults()] == [str(number)]


async def test_a_connection_that_comes_and_goes_is_a_fault_until_it_holds() -> None:
    s = await Scenario().opened()
    for minute in range(1, 6):
        await s.disconnects(minute)
        await s.connects(minute + 0.5)
    assert [(row.code, row.kind, row.severity) for row in s.faults()] == [
        ("ConnectionFlapping", "communication", "warning")
    ]
    assert s.faults()[0].since == after(5.5)
    await s.disconnects(6)
    await s.connects(6.5)
    assert s.faults()[0].occurrences == 2
    await s.passes(36.4)
    assert s.faults()[0].state == "open"
    await s.passes(37)
    assert (s.faults()[0].state, s.faults()[0].recovered_at) == ("recovered", after(36.5))


async def test_two_chargers_with_one_identity_are_suspected_as_such() -> None:
    s = await Scenario().opened()
    for minute in range(1, 6):
        await s.connects(minute)
    assert "the same identity" in fault_text(s.faults()[0])


async def test_a_charger_that_reconnects_now_and_then_does_not_flap() -> None:
    s = await Scenario().opened()
    for minute in range(10, 100, 10):
        await s.disconnects(minute)
        await s.connects(minute + 1)
    assert s.faults() == []
