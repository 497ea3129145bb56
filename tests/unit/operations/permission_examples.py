"""For each operation what makes it possible, and an input with which it changes something."""

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from eosvolt.application.actor import Actor, ActorKind, platform_staff
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.operations import (
    faults,
    location_images,
    platform,
    saved_views,
    tokens,
)
from eosvolt.application.operations.admin_invitations import InvitationRenewal
from eosvolt.application.operations.admins import AdminById, AdminChange
from eosvolt.application.operations.api_keys import ApiKeyIssue, ApiKeyRevocation
from eosvolt.application.operations.chargers import ChargerById, ChargerChangeInput, NewChargerInput
from eosvolt.application.operations.commands import BulkRequest, CommandRequest
from eosvolt.application.operations.company import CompanyChangeInput, LogoRemoval, LogoUpload
from eosvolt.application.operations.exclusions import ExclusionWithdrawal
from eosvolt.application.operations.failed_jobs import JobById
from eosvolt.application.operations.faults import FaultAssignment, FaultEntry, FaultNote, FaultSnooze
from eosvolt.application.operations.location_images import LocationImageInput, LocationImageRemoval
from eosvolt.application.operations.locations import (
    LocationChangeInput,
    LocationRemoval,
    LocationTerms,
    NewLocationInput,
)
from eosvolt.application.operations.notification_rules import (
    NewRule,
    RuleById,
    RuleChange,
    RuleMessage,
    RuleTerms,
    RuleTrial,
)
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.platform import CompanyInvitation, InvitationEnd
from eosvolt.application.operations.registration import Invitation, NewPerson, Person, Registration
from eosvolt.application.operations.saved_views import ViewById, ViewToSave
from eosvolt.application.operations.sessions import HeldEnergyConsentInput, RefundInput, SessionEndInput
from eosvolt.application.operations.tokens import TokenChangeInput, TokenImport, TokenIssue, TokenTerms
from eosvolt.application.permissions import OWNER, Forbidden, Grants
from eosvolt.domain.notification_rules.events import Channel, Terms
from tests.drawn_pictures import LOGO_FILE
from tests.examples import CHARGE_BOX_ID, COMPANY, DETAILS, FLAT_TARIFF, LOCATION, MORNING, TWO_PLUGS
from tests.open_fault import FAULT, a_fault
from tests.unit.operations.booking_examples import EXAMPLES_OF_BOOKINGS
from tests.unit.operations.booking_request_cases import EXAMPLES_OF_BOOKING_FEEDS
from tests.unit.operations.charging import (
    SESSION,
    a_charger,
    a_charger_with_a_certificate,
    a_connected_charger,
    a_failed_job,
    a_location,
    a_paid_session,
    a_session,
    a_session_with_held_energy,
    an_unknown_charger,
)
from tests.unit.operations.customer_examples import EXAMPLES_OF_CUSTOMERS
from tests.unit.operations.driving import EXAMPLES_OF_DRIVING
from tests.unit.operations.exclusions import AN_EXCLUSION, an_exclusion
from tests.unit.operations.home_examples import EXAMPLES_OF_HOMES
from tests.unit.operations.invoices import EXAMPLES_OF_INVOICES
from tests.unit.operations.logos import a_logo
from tests.unit.operations.notifications import a_delivered_message, a_rule
from tests.unit.operations.payouts import EXAMPLES_OF_PAYOUTS
from tests.unit.operations.people import (
    ADMIN_INVITATION,
    EDIT_USERS,
    JOINING,
    OWNER_OF_IT,
    VIEW_USERS,
    a_deactivated_admin,
    a_key_of_one_location,
    an_admin,
    an_invitation,
)
from tests.unit.operations.permission_example import Example, nothing
from tests.unit.operations.photo import PHOTO
from tests.unit.operations.statements import EXAMPLES_OF_STATEMENTS
from tests.unit.operations.zones import EXAMPLES_OF_ZONES
from tests.web_in_memory import Site


async def a_photo(site: Site) -> None:
    """A location with a photo."""
    await a_location(site)
    put = LocationImageInput(location=LOCATION, content=PHOTO)
    await site.operations.run(location_images.put, OWNER_OF_IT, put)


async def a_view(site: Site) -> None:
    """Everybody whom the tests know as ``x`` has the view."""
    for kind in ActorKind:
        await site.operations.run(saved_views.save, Actor(kind, "x", COMPANY, OWNER), A_VIEW)


async def a_token(site: Site) -> None:
    issued = TokenIssue(uid="T1", terms=TokenTerms(label="Ana"))
    await site.operations.run(tokens.issue, OWNER_OF_IT, issued)


async def an_attended_fault(site: Site) -> None:
    await a_fault(site)
    await site.operations.run(faults.acknowledge, OWNER_OF_IT, FaultNote(fault=FAULT))
    snoozed = FaultSnooze(fault=FAULT, until=MORNING + timedelta(days=1))
    await site.operations.run(faults.snooze, OWNER_OF_IT, snoozed)


def renamed(rule: RuleTerms) -> RuleTerms:
    return replace(rule, terms=replace(rule.terms, name="Some"))


def cheaper(terms: LocationTerms) -> LocationTerms:
    return replace(terms, tariff=replace(terms.tariff, price=Decimal("0.10")))


NOBODY_YET, NOBODY_EITHER = 8, 9
INVITATION = CompanyInvitation(
    email="eve@pier.example",
    link="https://cpo.example/register/8/secret",
    secret_digest="ab",
    expires_at=MORNING + timedelta(days=7),
)


async def an_invited_company(site: Site) -> None:
    earlier = replace(INVITATION, secret_digest="cd")
    await site.operations.run(platform.invite, platform_staff("sam", NOBODY_YET), earlier)


A_CHARGER = NewChargerInput(
    charger=CHARGE_BOX_ID, location=LOCATION, connectors=TWO_PLUGS, password="an old password"
)
OWNER_TO_BE = Person(account="a1", email="eve@pier.example", name="Eve", password="twelve letters")

A_VIEW = ViewToSave(view="v1", name="Failed", query="status=failed")

EXAMPLES: dict[str, Example] = {
    "tokens.issue": Example(nothing, TokenIssue(uid="T1", terms=TokenTerms()), makes=True),
    "tokens.change": Example(a_token, TokenChangeInput(uid="t1", label="Ben")),
    "tokens.import_all": Example(
        a_token, TokenImport(changes=(TokenChangeInput(uid="T1", label="C"),)), makes=True
    ),
    "locations.add": Example(
        nothing,
        NewLocationInput(location=LOCATION, terms=LocationTerms(details=DETAILS, tariff=FLAT_TARIFF)),
        makes=True,
        at=None,
    ),
    "location_images.put": Example(a_location, LocationImageInput(location=LOCATION, content=PHOTO)),
    "location_images.remove": Example(a_photo, LocationImageRemoval(location=LOCATION)),
    "locations.change": Example(a_location, LocationChangeInput(location=LOCATION, changed=cheaper)),
    **EXAMPLES_OF_HOMES,
    **EXAMPLES_OF_BOOKINGS,
    **EXAMPLES_OF_BOOKING_FEEDS,
    **EXAMPLES_OF_ZONES,
    **EXAMPLES_OF_DRIVING,
    **EXAMPLES_OF_STATEMENTS,
    "faults.solve": Example(a_fault, FaultNote(fault=FAULT, note="Dried")),
    "faults.acknowledge": Example(a_fault, FaultNote(fault=FAULT)),
    "faults.unacknowledge": Example(an_attended_fault, FaultEntry(fault=FAULT)),
    "faults.assign": Example(a_fault, FaultAssignment(fault=FAULT, owner="admin:ben")),
    "faults.snooze": Example(a_fault, FaultSnooze(fault=FAULT, until=MORNING + timedelta(days=1))),
    "faults.wake": Example(an_attended_fault, FaultEntry(fault=FAULT)),
    "exclusions.record": Example(a_charger, AN_EXCLUSION),
    "exclusions.withdraw": Example(an_exclusion, ExclusionWithdrawal(exclusion="e1", reason="Wrong plug")),
    "api_keys.issue": Example(nothing, ApiKeyIssue(key_id="k2", label="x", digest="ab"), makes=True),
    "api_keys.revoke": Example(a_key_of_one_location, ApiKeyRevocation(key_id="k2")),
    "admin_invitations.invite": Example(
        nothing,
        replace(ADMIN_INVITATION, grants=Grants(frozenset({VIEW_USERS}))),
        makes=True,
        at=None,
    ),
    "admin_invitations.resend": Example(an_invitation, InvitationRenewal(account="nina", secret_digest="cd")),
    "admin_invitations.revoke": Example(an_invitation, AdminById(account="nina")),
    "admin_invitations.join": Example(an_invitation, JOINING),
    "admins.change": Example(
        an_admin, AdminChange(account="nina", permissions=frozenset({VIEW_USERS, EDIT_USERS}))
    ),
    "admins.deactivate": Example(an_admin, AdminById(account="nina")),
    "admins.reactivate": Example(a_deactivated_admin, AdminById(account="nina")),
    "admins.transfer_ownership": Example(
        an_admin, AdminById(account="nina"), at=None, elsewhere=Forbidden, owners=True
    ),
    "company.set_logo": Example(nothing, LogoUpload(content=LOGO_FILE), makes=True),
    "company.remove_logo": Example(a_logo, LogoRemoval(), makes=True),
    "company.change": Example(
        nothing,
        CompanyChangeInput(changed=lambda known: replace(known, name="Pier", organization="Pier Ltd")),
        makes=True,
    ),
    "notification_rules.add": Example(
        nothing,
        NewRule(
            rule="r1",
            channel=Channel.EMAIL,
            wanted=RuleTerms(terms=Terms(name="All"), addresses=("a@cpo.example",)),
        ),
        makes=True,
    ),
    "notification_rules.change": Example(a_rule, RuleChange(rule="r1", changed=renamed)),
    "notification_rules.remove": Example(a_rule, RuleById(rule="r1")),
    "notification_rules.send_test": Example(a_rule, RuleTrial(rule="r1", trial="1")),
    "notification_rules.resend": Example(a_delivered_message, RuleMessage(rule="r1", notification="m1")),
    "notification_rules.renew_secret": Example(a_rule, RuleById(rule="r1"), outside=True),
    "locations.remove": Example(a_location, LocationRemoval(location=LOCATION)),
    "chargers.add": Example(a_location, A_CHARGER, elsewhere=InvalidValue),
    "chargers.adopt": Example(an_unknown_charger, A_CHARGER),
    "chargers.change": Example(
        a_charger, ChargerChangeInput(charger=CHARGE_BOX_ID, terms=ChargerTerms(disabled=True))
    ),
    "chargers.remove": Example(a_charger, ChargerById(charger=CHARGE_BOX_ID)),
    "chargers.revoke_certificates": Example(a_charger_with_a_certificate, ChargerById(charger=CHARGE_BOX_ID)),
    "unknown_chargers.dismiss": Example(an_unknown_charger, ChargerById(charger=CHARGE_BOX_ID), outside=True),
    "commands.request": Example(
        a_connected_charger, CommandRequest(charger=CHARGE_BOX_ID, action="reset", payload={"kind": "soft"})
    ),
    "commands.request_of_all": Example(
        a_connected_charger,
        BulkRequest(chargers=(CHARGE_BOX_ID,), batch="b1", action="reset", payload={"kind": "soft"}),
        # Of a charger that another company does not have it has a command that failed.
        makes=True,
    ),
    "sessions.end": Example(a_session, SessionEndInput(session=SESSION, note="Gone")),
    "sessions.bill_held_energy": Example(
        a_session_with_held_energy, HeldEnergyConsentInput(session=SESSION, note="It has 160 kW")
    ),
    "sessions.refund": Example(a_paid_session, RefundInput(session=SESSION, reason="A fault")),
    "saved_views.save": Example(nothing, A_VIEW, makes=True, outside=True),
    "saved_views.remove": Example(a_view, ViewById(view="v1"), outside=True),
    "failed_jobs.retry": Example(a_failed_job, JobById(job=7), outside=True),
    "failed_jobs.dismiss": Example(a_failed_job, JobById(job=7), outside=True),
    "registration.invite": Example(
        nothing,
        Invitation(secret_digest="ab", expires_at=MORNING + timedelta(days=7)),
        makes=True,
        company=NOBODY_YET,
        other=NOBODY_EITHER,
    ),
    "registration.register": Example(
        nothing,
        Registration(name="Pier", owner=OWNER_TO_BE),
        makes=True,
        company=NOBODY_YET,
        other=NOBODY_EITHER,
    ),
    "platform.invite": Example(
        nothing, INVITATION, company=NOBODY_YET, other=NOBODY_EITHER, elsewhere=Forbidden
    ),
    "platform.resend": Example(
        an_invited_company, INVITATION, company=NOBODY_YET, other=NOBODY_EITHER, elsewhere=Forbidden
    ),
    "platform.revoke": Example(
        an_invited_company, InvitationEnd(), company=NOBODY_YET, other=NOBODY_EITHER, elsewhere=Forbidden
    ),
    **EXAMPLES_OF_PAYOUTS,
    **EXAMPLES_OF_INVOICES,
    **EXAMPLES_OF_CUSTOMERS,
    "registration.add_person": Example(nothing, NewPerson(person=OWNER_TO_BE), makes=True),
}
