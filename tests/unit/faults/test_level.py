"""How bad a fault is for those who want to charge, and what it is estimated to have cost."""

from datetime import timedelta

import pytest

from eosvolt.domain.faults.events import Severity
from eosvolt.domain.faults.level import SECURITY_CODES, Level, impact
from eosvolt.domain.faults.revenue import revenue_affected
from eosvolt.domain.money import Money
from eosvolt.domain.reactions.faults_upkeep import SECURITY_FAULTS
from tests.examples import after
from tests.scenario import Scenario

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize(
    ("code", "connector", "severity", "charger_down", "level", "stops"),
    [
        ("GroundFailure", 1, ERROR, False, "critical", True),
        ("GroundFailure", 1, WARNING, False, "critical", False),
        ("TamperDetectionActivated", 0, ERROR, False, "critical", False),
        ("NoContact", 0, ERROR, False, "critical", True),
        ("OtherError", 0, ERROR, False, "critical", True),
        ("PowerLoss", 2, ERROR, False, "critical", True),
        ("ConnectorLockFailure", 1, ERROR, True, "critical", True),
        ("ConnectorLockFailure", 1, ERROR, False, "major", True),
        ("StopNotObeyed", 1, ERROR, False, "major", True),
        ("UnexpectedReboot", 0, ERROR, False, "major", False),
        ("UnexpectedReboot", 0, WARNING, False, "minor", False),
        ("HighTemperature", 1, WARNING, True, "minor", False),
        ("ClockOff", 0, WARNING, False, "minor", False),
        ("FirmwareFailed", 0, ERROR, False, "minor", False),
        ("MemoryExhaustion", 0, ERROR, False, "minor", False),
    ],
)
def test_a_fault_is_as_bad_as_what_it_keeps_from_charging(
    code: str, connector: int, severity: Severity, charger_down: bool, level: str, stops: bool
) -> None:
    found = impact(code, connector, severity, charger_down=charger_down)
    assert (found.level.value, found.stops_charging) == (level, stops)


def test_every_security_event_that_is_a_fault_is_critical_but_a_full_memory() -> None:
    assert set(SECURITY_FAULTS) - SECURITY_CODES == {"MemoryExhaustion"}


def test_the_worse_a_level_the_greater_its_rank() -> None:
    assert [level.rank for level in (Level.MINOR, Level.MAJOR, Level.CRITICAL)] == [0, 1, 2]


async def test_the_fault_of_the_last_plug_that_worked_is_critical() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted", error="ConnectorLockFailure", plug=1)
    await s.reports(2, "Faulted", error="ConnectorLockFailure", plug=2)
    assert [(row.connector, row.level) for row in s.faults()] == [(1, "major"), (2, "critical")]
    # Seen again after the other plug works, it is the fault of one plug.
    await s.reports(3, "Available", plug=1)
    await s.reports(4, "Available", plug=2)
    await s.reports(5, "Faulted", error="ConnectorLockFailure", plug=2)
    assert [(row.connector, row.level) for row in s.faults()] == [(1, "major"), (2, "major")]


async def test_only_the_times_in_which_a_fault_was_open_are_down() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted", error="OverVoltage")
    await s.reports(11, "Available")
    await s.reports(60, "Faulted", error="OverVoltage")
    (row,) = s.faults()
    assert row.down(after(65)) == timedelta(minutes=15)
    await s.reports(70, "Available")
    (row,) = s.faults()
    assert row.down(after(500)) == timedelta(minutes=20)


def test_revenue_affected_is_the_average_of_the_time_before_for_as_long_as_it_was_down() -> None:
    four_weeks = timedelta(days=28)
    assert revenue_affected(Money("EUR", 67_200), four_weeks, timedelta(hours=2)) == Money("EUR", 200)
    # 0.125 a minute is rounded once, half-up.
    assert revenue_affected(Money("EUR", 504_000), four_weeks, timedelta(minutes=1)) == Money("EUR", 13)
    assert revenue_affected(Money("JPY", 672), four_weeks, timedelta(minutes=30)) == Money("JPY", 1)


def test_nothing_is_estimated_from_less_than_a_week() -> None:
    assert revenue_affected(Money("EUR", 500), timedelta(days=6, hours=23), timedelta(hours=2)) is None
