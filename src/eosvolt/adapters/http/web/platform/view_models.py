"""What the templates of platform staff are given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import msgspec

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.withdrawals import ReviewedPayout
from eosvolt.adapters.http.web.account.view_models import AuthenticatorForm, RecoveryCodesForm, SecurityCards
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.staff import PlatformCompany, StaffMember
from eosvolt.domain.platform_fees.terms import FeeTerms

# How far a company is.
STATES: Mapping[str, str] = {
    "invited": Text("Invited"),
    "expired": Text("Invitation expired"),
    "revoked": Text("Invitation revoked"),
    "registered": Text("Registered"),
}


class StaffSignInPage(ViewModel, frozen=True, kw_only=True):
    """The form to sign in as platform staff."""

    templates: ClassVar = ("platform/sign_in.html",)

    notice: str = ""
    email: str = ""
    problem: str = ""
    problems: Mapping[str, str] = {}


class PlatformFrame(ViewModel, frozen=True, kw_only=True):
    """What every page of platform staff has around it."""

    templates: ClassVar = ("platform/frame.html",)

    member: StaffMember
    notice: str = ""


class CompaniesPage(ViewModel, frozen=True, kw_only=True):
    """The companies, and the form to invite one. ``link`` is shown once, where no mail was sent."""

    templates: ClassVar = ("platform/companies.html",)
    frame: ClassVar = PlatformFrame

    companies: Sequence[PlatformCompany]
    states: Mapping[str, str] = msgspec.field(default_factory=lambda: STATES)
    now: datetime
    zone: str = "UTC"
    mailing: bool
    link: str = ""
    values: Mapping[str, str]
    problems: Mapping[str, str] = {}


class RevokeInvitationPage(ViewModel, frozen=True, kw_only=True):
    """Asks whether a company's link is to become invalid."""

    templates: ClassVar = ("platform/revoke.html",)
    frame: ClassVar = PlatformFrame

    company: PlatformCompany


class StaffAccountPage(ViewModel, frozen=True, kw_only=True):
    """The own account of a member."""

    templates: ClassVar = ("platform/account.html",)
    frame: ClassVar = PlatformFrame
    parts: ClassVar = (SecurityCards,)

    now: datetime
    zone: str = "UTC"


class StaffAuthenticatorPage(ViewModel, frozen=True, kw_only=True):
    """The authenticator app of a member."""

    templates: ClassVar = ("platform/authenticator.html",)
    frame: ClassVar = PlatformFrame
    parts: ClassVar = (AuthenticatorForm,)


class StaffRecoveryCodesPage(ViewModel, frozen=True, kw_only=True):
    """The recovery codes of a member."""

    templates: ClassVar = ("platform/recovery_codes.html",)
    frame: ClassVar = PlatformFrame
    parts: ClassVar = (RecoveryCodesForm,)


class ReviewPage(ViewModel, frozen=True, kw_only=True):
    """What waits for its review by its due date, and what was reviewed last.

    ``more``: not all that waits is among ``pending``. ``configured``: files of payments can be made.
    """

    templates: ClassVar = ("platform/withdrawals.html",)
    frame: ClassVar = PlatformFrame

    pending: Sequence[ReviewedPayout]
    reviewed: Sequence[ReviewedPayout]
    states: Mapping[str, str]
    more: bool
    configured: bool
    now: datetime


class ReviewedWithdrawalPage(ViewModel, frozen=True, kw_only=True):
    """One withdrawal. ``account`` is the company's present bank account as it is printed, if any."""

    templates: ClassVar = ("platform/withdrawal.html",)
    frame: ClassVar = PlatformFrame

    found: ReviewedPayout
    states: Mapping[str, str]
    account: str
    now: datetime


class FeePage(ViewModel, frozen=True, kw_only=True):
    """The platform fees of a company, the last to start first, and the form to set one."""

    templates: ClassVar = ("platform/fee.html",)
    frame: ClassVar = PlatformFrame

    company: PlatformCompany
    schedule: Sequence[FeeTerms]
    currencies: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    problems: Mapping[str, str] = {}
