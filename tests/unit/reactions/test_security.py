"""What follows for the ways in which a charger proves who it is."""

from eosvolt.domain.charge_points.commands import (
    ChangeChargePoint,
    NotePassword,
    RemoveChargePoint,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointRemoved, PasswordChanged
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificatesRevoked, PasswordRotated
from tests.examples import ADDED, CHARGE_POINT, LOCATION, TWO_PLUGS, after
from tests.unit.reactions.follows import follows


def rotated(outcome: str) -> list[CommandEnvelope]:
    note = RecordDeviceEvent(event=PasswordRotated(at=after(1), outcome=outcome))
    return follows(PasswordRotated, maintenance, CHARGE_POINT, [], note)


def revoked(reason: str) -> list[CommandEnvelope]:
    event = CertificatesRevoked(at=after(1), reason=reason)
    return [CommandEnvelope(maintenance, CHARGE_POINT, RecordDeviceEvent(event=event))]


def test_a_charger_that_comes_with_its_new_password_has_one_from_then_on() -> None:
    assert rotated("confirmed") == [CommandEnvelope(charge_points, CHARGE_POINT, NotePassword(at=after(1)))]
    assert rotated("unanswered") == []


def test_a_new_password_ends_the_certificates_that_were_signed_before() -> None:
    change = ChangeChargePoint(
        location=LOCATION, connectors=TWO_PLUGS, at=after(1), has_password=True, password_set=True
    )
    envelopes = follows(PasswordChanged, charge_points, CHARGE_POINT, [ADDED], change)
    assert envelopes == revoked("password")


def test_a_charger_that_is_removed_has_no_certificates_any_more() -> None:
    remove = RemoveChargePoint(at=after(1))
    assert follows(ChargePointRemoved, charge_points, CHARGE_POINT, [ADDED], remove) == revoked("removal")
