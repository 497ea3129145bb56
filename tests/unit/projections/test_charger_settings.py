"""A charger's settings as they are shown."""

from datetime import UTC, datetime

import pytest

from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.maintenance.events import ConfigurationReported, SettingChanged
from eosvolt.domain.maintenance.values import Setting
from eosvolt.projections.charger_settings import apply

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BOX = "242/CP-1"


@pytest.mark.parametrize(
    "key", ["AuthorizationKey", "AuthorizationKey ", "\N{NO-BREAK SPACE}authorizationkey"]
)
@pytest.mark.parametrize("event", ["told", "changed"])
def test_a_secret_that_an_older_history_holds_is_not_shown(event: str, key: str) -> None:
    """Events from before a key was known for a secret still have its value."""
    events: dict[str, Event] = {
        "told": ConfigurationReported(at=NOON, settings=(Setting(key, "deadbeef"),)),
        "changed": SettingChanged(at=NOON, key=key, value="deadbeef", reboot_required=False),
    }
    row = apply(None, Fact(1, f"upkeep:{BOX}", 1, events[event], NOON, Provenance(242, "admin:a1")), BOX)
    assert row is not None
    (setting,) = row.settings
    assert (setting.key, setting.value, setting.secret) == (key, None, True)
