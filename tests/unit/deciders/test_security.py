"""How a charger proves who it is: security profiles, passwords it took, certificates that still count."""

from datetime import timedelta

import pytest

from eosvolt.domain.charge_points.commands import (
    ChangeChargePoint,
    ChangeConnectionPolicy,
    NotePassword,
    RaiseSecurity,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointChanged,
    Conformance,
    ConnectionPolicyChanged,
)
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.maintenance.certificates import Certificates, certificates_after
from eosvolt.domain.maintenance.events import CertificateDelivered, CertificateIssued, MaintenanceEvent
from eosvolt.domain.reactions.security import after_security_answer
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT, COMPANY, LOCATION, MORNING, TWO_PLUGS, after
from tests.rule import Rule

YES, NO = {"status": "Accepted"}, {"status": "Rejected"}


def added(has_password: bool = True) -> ChargePointAdded:
    return ChargePointAdded(
        company=COMPANY,
        charge_box_id=CHARGE_BOX_ID,
        location=LOCATION,
        connectors=TWO_PLUGS,
        at=MORNING,
        has_password=has_password,
    )


def profile(number: int, at: float = 1) -> ConnectionPolicyChanged:
    return ConnectionPolicyChanged(at=after(at), security_profile=number)


def requested(action: str, **payload: object) -> CommandRequested:
    return CommandRequested(
        command="c1",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action=action,
        payload=payload,
        by="admin:1",
        at=MORNING,
        expires_at=after(1),
    )


def test_a_profile_is_raised_and_never_lowered_by_what_a_charger_agrees_to() -> None:
    Rule(charge_points).given(added()).when(RaiseSecurity(at=after(1), profile=2)).then(profile(2))
    for lower in (0, 1, 2):
        Rule(charge_points).given(added(), profile(2)).when(RaiseSecurity(at=after(2), profile=lower)).then()
    Rule(charge_points).given(added()).when(RaiseSecurity(at=after(1), profile=4)).then()


def test_raising_a_profile_keeps_how_messages_are_judged() -> None:
    strict = ConnectionPolicyChanged(at=MORNING, conformance=Conformance.STRICT, assume_protocol=True)
    both = ConnectionPolicyChanged(
        at=after(1), conformance=Conformance.STRICT, assume_protocol=True, security_profile=3
    )
    Rule(charge_points).given(added(), strict).when(RaiseSecurity(at=after(1), profile=3)).then(both)


def test_a_profile_with_a_password_is_not_raised_for_a_charger_without_one() -> None:
    Rule(charge_points).given(added(has_password=False)).when(RaiseSecurity(at=after(1), profile=2)).then()
    with pytest.raises(Rejected, match="need a password"):
        Rule(charge_points).given(added(has_password=False)).when(
            ChangeConnectionPolicy(at=after(1), security_profile=1)
        )


def test_a_password_cannot_be_taken_from_a_charger_whose_profile_needs_it() -> None:
    bare = ChangeChargePoint(location=LOCATION, connectors=TWO_PLUGS, at=after(2))
    with pytest.raises(Rejected, match="choose another profile first"):
        Rule(charge_points).given(added(), profile(2)).when(bare)


def test_an_operator_may_lower_a_profile() -> None:
    Rule(charge_points).given(added(), profile(3)).when(
        ChangeConnectionPolicy(at=after(2), security_profile=1)
    ).then(profile(1, at=2))


def test_a_first_password_is_asked_for_from_then_on() -> None:
    now_secured = ChargePointChanged(location=LOCATION, connectors=TWO_PLUGS, at=after(1), has_password=True)
    Rule(charge_points).given(added(has_password=False)).when(NotePassword(at=after(1))).then(now_secured)
    Rule(charge_points).given(added()).when(NotePassword(at=after(1))).then()


def test_only_an_accepted_security_profile_has_consequences() -> None:
    asked = requested("changeConfiguration", key="securityPROFILE", value=" 2 ")
    (envelope,) = after_security_answer(asked, accepted=True, response=YES, at=after(1))
    assert envelope == (charge_points, CHARGE_POINT, RaiseSecurity(at=after(1), profile=2))
    assert after_security_answer(asked, accepted=False, response=NO, at=after(1)) == []
    for other in (
        requested("changeConfiguration", key="SecurityProfile", value="4"),
        requested("changeConfiguration", key="HeartbeatInterval", value="2"),
        requested("getConfiguration", key=("SecurityProfile",)),
    ):
        assert after_security_answer(other, accepted=True, response=YES, at=after(1)) == []


def test_an_accepted_password_makes_the_charger_one_with_a_password() -> None:
    (envelope,) = after_security_answer(requested("rotatePassword"), accepted=True, response=YES, at=after(1))
    assert envelope.command == NotePassword(at=after(1))
    later = {"status": "RebootRequired"}
    assert (
        after_security_answer(requested("rotatePassword"), accepted=True, response=later, at=after(1)) == []
    )


def issued(name: str, minutes: float, days: float = 90) -> CertificateIssued:
    return CertificateIssued(
        at=after(minutes),
        request="00",
        serial="01",
        fingerprint=name,
        not_after=after(minutes) + timedelta(days=days),
    )


def delivered(name: str, minutes: float, accepted: bool = True) -> CertificateDelivered:
    return CertificateDelivered(at=after(minutes), fingerprint=name, accepted=accepted)


def holding(*events: MaintenanceEvent) -> Certificates:
    found = Certificates()
    for event in events:
        found = certificates_after(found, event)
    return found


def test_a_certificate_counts_until_the_charger_has_taken_the_next_one() -> None:
    both = (issued("old", 0), delivered("old", 1), issued("new", 2))
    assert holding(*both).valid("old", after(3))
    assert holding(*both).valid("new", after(3)), "its answer may be lost"
    taken = holding(*both, delivered("new", 3))
    assert not taken.valid("old", after(4))
    assert taken.valid("new", after(4))
    assert taken.current == both[2]


def test_a_certificate_that_the_charger_refused_counts_for_nothing() -> None:
    held = holding(issued("old", 0), delivered("old", 1), issued("new", 2), delivered("new", 3, False))
    assert held.valid("old", after(4))
    assert not held.valid("new", after(4))


def test_a_certificate_ends_and_an_unknown_one_never_counts() -> None:
    held = holding(issued("short", 0, days=1), delivered("short", 1))
    assert held.valid("short", after(60 * 23))
    assert not held.valid("short", after(60 * 24))
    assert not held.valid("somebody's", after(2))


def test_a_certificate_is_on_its_way_until_it_was_answered_or_its_time_is_over() -> None:
    held = holding(issued("new", 0))
    assert held.pending(after(9.9)) == issued("new", 0)
    assert held.pending(after(10)) is None
    assert holding(issued("new", 0), delivered("new", 1)).pending(after(2)) is None


def test_the_certificate_in_use_is_remembered_however_many_others_get_lost() -> None:
    lost = [issued(f"lost{n}", n + 2) for n in range(20)]
    held = holding(issued("used", 0), delivered("used", 1), *lost)
    assert held.valid("used", after(60))
    assert len(held.issued) <= 17
