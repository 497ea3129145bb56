"""Which events of device management are recorded, and which were known already."""

from datetime import datetime, timedelta

import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    AvailabilityChanged,
    ChargingProfilesCleared,
    ChargingProfileSet,
    ClockFound,
    ConfigurationReported,
    FileReceived,
    FirmwareProgressed,
    LocalListSent,
    LocalListVersionReported,
    ReservationEnded,
    ReservationMade,
    SecurityEventReported,
    SettingChanged,
    UploadOpened,
    UploadProgressed,
)
from eosvolt.domain.maintenance.profiles import Profiles, profiles_after
from eosvolt.domain.maintenance.values import ListedToken, Setting
from tests.examples import after
from tests.rule import Rule

SETTINGS = (Setting("HeartbeatInterval", "300"), Setting("NumberOfConnectors", "2", readonly=True))


def upkeep() -> Rule:
    return Rule(maintenance)


def settings_at(
    minutes: float, settings: tuple[Setting, ...] = SETTINGS, *, whole: bool = True
) -> ConfigurationReported:
    return ConfigurationReported(at=after(minutes), settings=settings, whole=whole)


def opened(upload: str, minutes: float = 0, kind: str = "diagnosticsLog", request: int = 7) -> UploadOpened:
    return UploadOpened(
        at=after(minutes),
        upload=upload,
        kind=kind,
        request=request,
        command=f"c-{upload}",
        expires_at=after(minutes) + timedelta(hours=1),
    )


def received(upload: str, minutes: float = 2, sha256: str = "ab") -> FileReceived:
    return FileReceived(at=after(minutes), upload=upload, name="diag.zip", size=3, sha256=sha256)


def held(reservation: int = 1, until: float = 60, card: str = "CARD") -> ReservationMade:
    return ReservationMade(
        at=after(0), reservation=reservation, connector=1, token=card, expires_at=after(until)
    )


def profile(
    number: int, *, purpose: str = "TxDefaultProfile", level: int = 0, connector: int = 1
) -> ChargingProfileSet:
    return ChargingProfileSet(
        at=after(0),
        connector=connector,
        profile={"chargingProfileId": number, "stackLevel": level, "chargingProfilePurpose": purpose},
    )


def profiles_of(*events: ChargingProfileSet | ChargingProfilesCleared) -> list[int]:
    left: Profiles = ()
    for event in events:
        left = profiles_after(left, event)
    return [each.profile["chargingProfileId"] for each in left]


def at(minutes: float) -> datetime:
    return after(minutes)


def test_settings_reported_for_the_first_time_are_recorded() -> None:
    upkeep().when(RecordDeviceEvent(event=settings_at(0))).then(settings_at(0))


def test_the_same_settings_within_a_minute_are_the_same_answer() -> None:
    upkeep().given(settings_at(0)).when(RecordDeviceEvent(event=settings_at(0.5))).then()


def test_the_same_settings_requested_again_later_are_recorded_with_their_time() -> None:
    upkeep().given(settings_at(0)).when(RecordDeviceEvent(event=settings_at(5))).then(settings_at(5))


def test_single_settings_join_those_that_are_known() -> None:
    rule = upkeep().given(settings_at(0), settings_at(1, (Setting("HeartbeatInterval", "60"),), whole=False))
    keys = rule._state.settings.keys
    assert keys["heartbeatinterval"].value == "60"
    assert keys["numberofconnectors"].value == "2"


def test_all_settings_replace_those_that_were_known() -> None:
    rule = upkeep().given(settings_at(0), settings_at(1, (Setting("HeartbeatInterval", "60"),)))
    assert list(rule._state.settings.keys) == ["heartbeatinterval"]


def test_a_changed_setting_counts_from_then_on() -> None:
    rule = upkeep().given(settings_at(0), SettingChanged(at=at(1), key="heartbeatinterval", value="30"))
    assert rule._state.settings.number("HeartbeatInterval") == 30


def test_a_charger_that_was_in_service_is_put_there_without_news() -> None:
    upkeep().when(RecordDeviceEvent(event=AvailabilityChanged(at=at(0), connector=1, operative=True))).then()


def test_what_is_said_of_the_whole_charger_holds_for_its_plugs() -> None:
    closed = AvailabilityChanged(at=at(0), connector=0, operative=False)
    upkeep().given(closed).when(
        RecordDeviceEvent(event=AvailabilityChanged(at=at(1), connector=2, operative=False))
    ).then()
    back = AvailabilityChanged(at=at(1), connector=2, operative=True)
    upkeep().given(closed).when(RecordDeviceEvent(event=back)).then(back)


def test_a_firmware_status_reported_again_is_recorded_again_only_much_later() -> None:
    status = FirmwareProgressed(at=at(0), status="Downloading")
    again = FirmwareProgressed(at=at(90), status="Downloading")
    rule = upkeep().given(status)
    rule.when(RecordDeviceEvent(event=FirmwareProgressed(at=at(10), status="Downloading"))).then()
    rule.when(RecordDeviceEvent(event=again)).then(again)


def test_a_clock_that_is_off_by_about_as_much_as_before_is_no_news() -> None:
    rule = upkeep().given(ClockFound(at=at(0), clock_offset_s=100))
    rule.when(RecordDeviceEvent(event=ClockFound(at=at(9), clock_offset_s=130))).then()
    off = ClockFound(at=at(9), clock_offset_s=131)
    rule.when(RecordDeviceEvent(event=off)).then(off)


def test_a_report_finds_its_upload_by_the_number_of_the_request() -> None:
    rule = upkeep().given(opened("one", request=7), opened("two", 1, request=8))
    rule.when(RecordDeviceEvent(event=UploadProgressed(at=at(2), status="Uploading", request=7))).then(
        UploadProgressed(at=at(2), status="Uploading", request=7, upload="one")
    )


def test_a_report_without_a_number_is_about_the_newest_upload_and_ends_the_one_before() -> None:
    rule = upkeep().given(opened("one", kind="diagnostics"), opened("two", 1, kind="diagnostics"))
    rule.when(RecordDeviceEvent(event=UploadProgressed(at=at(2), status="UploadFailed"))).then(
        UploadProgressed(at=at(2), status="UploadFailed", upload="two"),
        UploadProgressed(at=at(2), status="AcceptedCanceled", upload="one"),
    )


def test_a_report_of_an_upload_that_was_not_requested_is_kept() -> None:
    loose = UploadProgressed(at=at(0), status="Uploading")
    upkeep().when(RecordDeviceEvent(event=loose)).then(loose)


def test_an_upload_that_is_done_does_not_go_on_because_of_a_late_report() -> None:
    done = UploadProgressed(at=at(2), status="Uploaded", request=7, upload="one")
    upkeep().given(opened("one"), done).when(
        RecordDeviceEvent(event=UploadProgressed(at=at(3), status="Uploading", request=7))
    ).then()


def test_a_second_request_that_the_charger_agrees_to_closes_the_first() -> None:
    """As TC_N_35 has it: a second GetLog cancels the first."""
    rule = upkeep().given(opened("one"), opened("two", 1, request=8))
    agreed = UploadProgressed(at=at(1), status="Accepted", upload="two")
    rule.when(RecordDeviceEvent(event=agreed)).then(
        agreed, UploadProgressed(at=at(1), status="AcceptedCanceled", upload="one")
    )
    with pytest.raises(Rejected, match="Nobody waits"):
        rule.when(RecordDeviceEvent(event=received("one")))
    rule.when(RecordDeviceEvent(event=received("two"))).then(received("two"))


def test_a_second_request_that_the_charger_refuses_leaves_the_first_open() -> None:
    rule = upkeep().given(
        opened("one"),
        opened("two", 1, request=8),
        UploadProgressed(at=at(1), status="Rejected", upload="two"),
    )
    rule.when(RecordDeviceEvent(event=received("one"))).then(received("one"))


def test_the_same_file_again_is_no_news_and_another_one_is_refused() -> None:
    rule = upkeep().given(opened("one"), received("one"))
    rule.when(RecordDeviceEvent(event=received("one", 3))).then()
    with pytest.raises(Rejected, match="another file"):
        rule.when(RecordDeviceEvent(event=received("one", 3, sha256="cd")))


def test_a_reservation_ends_once() -> None:
    rule = upkeep().given(held())
    ended = ReservationEnded(at=at(5), reservation=1, reason="used")
    rule.when(RecordDeviceEvent(event=ended)).then(ended)
    rule.when(RecordDeviceEvent(event=ReservationEnded(at=at(60), reservation=1, reason="expired"))).then()


def test_a_reservation_of_the_same_number_replaces_the_one_before() -> None:
    other = held(card="OTHER")
    upkeep().given(held()).when(RecordDeviceEvent(event=other)).then(
        ReservationEnded(at=at(0), reservation=1, reason="replaced"), other
    )


def test_a_profile_replaces_the_one_of_its_number_or_its_purpose_level_and_plug() -> None:
    first = (profile(1), profile(2, level=1), profile(3, connector=2), profile(4))
    assert profiles_of(*first) == [2, 3, 4]
    assert profiles_of(*first, profile(2, purpose="ChargePointMaxProfile", connector=0)) == [3, 4, 2]


@pytest.mark.parametrize(
    ("cleared", "left"),
    [
        (ChargingProfilesCleared(at=after(1)), []),
        (ChargingProfilesCleared(at=after(1), profile_id=1, connector=2), [2, 3]),
        (ChargingProfilesCleared(at=after(1), connector=1), [3]),
        (ChargingProfilesCleared(at=after(1), purpose="TxDefaultProfile", stack_level=1), [1, 3]),
        (ChargingProfilesCleared(at=after(1), purpose="TxProfile"), [1, 2, 3]),
    ],
)
def test_profiles_are_cleared_where_all_that_is_named_fits(
    cleared: ChargingProfilesCleared, left: list[int]
) -> None:
    assert profiles_of(profile(1), profile(2, level=1), profile(3, connector=2), cleared) == left


def test_a_version_that_is_not_ours_means_that_the_list_is_not_known_any_more() -> None:
    sent = LocalListSent(at=at(0), version=3, full=True, entries=(ListedToken("CARD", "Accepted"),))
    rule = upkeep().given(sent)
    rule.when(RecordDeviceEvent(event=LocalListVersionReported(at=at(1), version=3))).then()
    assert rule._state.local_list.known
    other = LocalListVersionReported(at=at(1), version=5)
    rule.when(RecordDeviceEvent(event=other)).then(other)
    assert not rule._state.local_list.known


def test_a_security_event_delivered_twice_is_one() -> None:
    first = SecurityEventReported(at=at(0), received_at=at(1), type="TamperDetectionActivated")
    again = SecurityEventReported(at=at(0), received_at=at(30), type="TamperDetectionActivated")
    upkeep().given(first).when(RecordDeviceEvent(event=again)).then()
