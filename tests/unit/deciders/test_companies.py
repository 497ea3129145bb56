"""How a company comes to exist, and who may speak for it."""

from datetime import timedelta

import pytest

from eosvolt.domain.companies.commands import (
    ChangeAdoption,
    ChangeCertificateOrganization,
    InviteCompany,
    IssueApiKey,
    RegisterCompany,
    RenameCompany,
    RevokeApiKey,
    RevokeInvitation,
)
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.companies.events import (
    AdoptionChanged,
    ApiKeyIssued,
    ApiKeyRevoked,
    CertificateOrganizationChanged,
    CompanyInvitationRevoked,
    CompanyInvited,
    CompanyRegistered,
    CompanyRenamed,
)
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, MORNING, after
from tests.rule import Rule

SECRET = "ab" * 32
WEEK = MORNING + timedelta(days=7)
INVITED = CompanyInvited(company=COMPANY, at=MORNING, secret_digest=SECRET, expires_at=WEEK)
REGISTERED = CompanyRegistered(company=COMPANY, name="Volt", owner="a1", at=MORNING)
ISSUED = ApiKeyIssued(key_id="k1", label="Billing", digest="cd", at=MORNING)


def register(**changes: object) -> RegisterCompany:
    wanted = {"company": COMPANY, "name": "Volt", "owner": "a1", "at": MORNING, "secret_digest": SECRET}
    return RegisterCompany(**(wanted | changes))  # type: ignore[arg-type]  # one wanted, a little different


def test_an_invitation_is_a_link_for_a_week() -> None:
    invite = InviteCompany(company=COMPANY, at=MORNING, secret_digest=SECRET, expires_at=WEEK)
    Rule(companies).when(invite).then(INVITED)


def test_who_has_the_link_registers_the_company() -> None:
    Rule(companies).given(INVITED).when(register()).then(REGISTERED)


def test_the_operators_own_command_line_needs_no_link() -> None:
    Rule(companies).when(register(secret_digest=None)).then(REGISTERED)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"secret_digest": "00"}, "not valid"),
        ({"at": WEEK}, "has expired"),
        ({"name": "  "}, "needs a name"),
    ],
)
def test_a_wrong_or_late_registration_is_refused(wanted: dict[str, object], why: str) -> None:
    with pytest.raises(Rejected, match=why):
        Rule(companies).given(INVITED).when(register(**wanted))


def test_a_link_works_once() -> None:
    with pytest.raises(Rejected, match="used already"):
        Rule(companies).given(INVITED, REGISTERED).when(register(owner="somebody else"))


REVOKED = CompanyInvitationRevoked(at=after(1))
AGAIN = CompanyInvited(company=COMPANY, at=after(2), secret_digest="ef" * 32, expires_at=WEEK)


def test_a_revoked_link_is_not_valid_any_more_and_another_one_can_be_sent() -> None:
    Rule(companies).given(INVITED).when(RevokeInvitation(at=after(1))).then(REVOKED)
    with pytest.raises(Rejected, match="was revoked"):
        Rule(companies).given(INVITED, REVOKED).when(register())
    again = InviteCompany(company=COMPANY, at=after(2), secret_digest="ef" * 32, expires_at=WEEK)
    Rule(companies).given(INVITED, REVOKED).when(again).then(AGAIN)
    Rule(companies).given(INVITED, REVOKED, AGAIN).when(register(secret_digest="ef" * 32)).then(REGISTERED)


def test_a_link_that_was_replaced_by_a_newer_one_says_so() -> None:
    with pytest.raises(Rejected, match="replaced by a newer one"):
        Rule(companies).given(INVITED, AGAIN).when(register())


def test_nothing_is_revoked_where_nobody_is_invited_and_a_registered_company_stays() -> None:
    Rule(companies).when(RevokeInvitation(at=after(1))).then()
    with pytest.raises(Rejected, match="registered already"):
        Rule(companies).given(INVITED, REGISTERED).when(RevokeInvitation(at=after(1)))


def test_only_who_has_the_link_learns_that_it_was_used() -> None:
    with pytest.raises(Rejected, match="not valid"):
        Rule(companies).given(INVITED, REGISTERED).when(register(owner="eve", secret_digest="00"))
    with pytest.raises(Rejected, match="registered already"):
        Rule(companies).given(INVITED, REGISTERED).when(register(owner="eve", secret_digest=None))


def test_a_registered_company_is_not_invited_again() -> None:
    again = InviteCompany(company=COMPANY, at=MORNING, secret_digest="00", expires_at=WEEK)
    with pytest.raises(Rejected, match="registered already"):
        Rule(companies).given(REGISTERED).when(again)


def test_a_company_changes_its_name() -> None:
    rename = RenameCompany(name=" Volt Harbour ", at=after(1))
    Rule(companies).given(REGISTERED).when(rename).then(CompanyRenamed(name="Volt Harbour", at=after(1)))


def test_a_key_is_issued_once_and_revoked_once() -> None:
    issue = IssueApiKey(key_id="k1", label="Billing", digest="cd", at=MORNING)
    revoke = RevokeApiKey(key_id="k1", at=after(1))
    Rule(companies).given(REGISTERED).when(issue).then(ISSUED)
    gone = ApiKeyRevoked(key_id="k1", digest="cd", at=after(1))
    Rule(companies).given(REGISTERED, ISSUED).when(revoke).then(gone)
    Rule(companies).given(REGISTERED, ISSUED, gone).when(issue).then()


def test_unknown_chargers_are_adopted_for_a_day_and_no_longer() -> None:
    adopting = AdoptionChanged(at=MORNING, location="harbour", until=MORNING + timedelta(days=1))
    Rule(companies).given(REGISTERED).when(ChangeAdoption(location="harbour", at=MORNING)).then(adopting)
    company = companies.fold([REGISTERED, adopting])
    assert isinstance(company, Company)
    assert company.adopts_into(after(60 * 24 - 1)) == "harbour"
    assert company.adopts_into(after(60 * 24)) == ""
    again = ChangeAdoption(location="harbour", at=after(60 * 25))
    Rule(companies).given(REGISTERED, adopting).when(again).then(
        AdoptionChanged(at=again.at, location="harbour", until=again.at + timedelta(days=1))
    )


def test_adoption_can_be_ended_at_once() -> None:
    adopting = AdoptionChanged(at=MORNING, location="harbour", until=MORNING + timedelta(days=1))
    ended = AdoptionChanged(at=after(1), location="")
    Rule(companies).given(REGISTERED, adopting).when(ChangeAdoption(location="", at=after(1))).then(ended)
    Rule(companies).given(REGISTERED).when(ChangeAdoption(location="", at=after(1))).then()


def test_the_organization_of_certificates_is_set_and_no_name() -> None:
    change = ChangeCertificateOrganization(organization=" Volt Ltd ", at=after(1))
    changed = CertificateOrganizationChanged(at=after(1), organization="Volt Ltd")
    Rule(companies).given(REGISTERED).when(change).then(changed)
    named = companies.fold([REGISTERED, changed])
    assert isinstance(named, Company)
    assert set(named.organizations) == {"Volt Ltd", str(COMPANY)}
    renamed = companies.fold([REGISTERED, CompanyRenamed(name="Volt Ltd", at=after(1))])
    assert isinstance(renamed, Company)
    assert set(renamed.organizations) == {str(COMPANY)}
