"""What the demo's company says about itself: its settings and its logo, which is drawn here."""

import io
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace
from PIL import Image, ImageDraw

from eosvolt.application.actor import Actor
from eosvolt.application.bank_accounts import BankAccount
from eosvolt.application.company_settings import CompanySettings
from eosvolt.application.executor import Application
from eosvolt.application.operations import company, saved_views
from eosvolt.application.operations.company import CompanyChangeInput, LogoUpload
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.saved_views import ViewToSave
from eosvolt.domain.companies.commands import ChangeBilling, ChangePreferences, ChangeSupport
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage, Preferences
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.support import SupportContact

# Views of the list of sessions that everybody of the company has.
VIEWS = (
    ViewToSave(view="demo-failed", name="Fehlgeschlagen", query="status=failed", shared=True),
    ViewToSave(
        view="demo-dearest",
        name="Teuerste zuerst",
        query="sort=-total&column=number&column=startedAt&column=plug&column=energy&column=total",
        shared=True,
    ),
)
# An IBAN for examples, of no real account.
ACCOUNT = BankAccount("DE89370400440532013000", "COBADEFFXXX")
_BILLING = BillingDetails(
    legal_name="Volt & Söhne GmbH",
    street="Am Hafen 1",
    postal_code="04105",
    city="Leipzig",
    country="DE",
    vat_id="DE136695976",
    tax_number="231/123/45678",
)
_SUPPORT = SupportContact(
    "+49 341 1234567",
    "hilfe@volt-soehne.example",
    "Mo–Fr 8–18 Uhr",
    "Ziehen Sie das Kabel ab, warten Sie eine Minute und stecken Sie es wieder ein. Leuchtet die Säule rot, "
    "halten Sie den Knopf neben dem Stecker zehn Sekunden lang gedrückt.",
)
_PREFERENCES = Preferences(
    language=CompanyLanguage.GERMAN,
    currency="EUR",
    vat_rate=Decimal("0.19"),
    fiscal_time_zone="Europe/Berlin",
    invoice_prefix="VS-",
)
SIDE = 400
_TEAL, _DEEP, _WHITE = (15, 118, 110), (17, 94, 89), (255, 255, 255)
# A bolt in a square of 100.
_BOLT = ((56, 14), (26, 56), (46, 56), (42, 86), (74, 42), (53, 42))


async def introduce(operations: Operations, owner: Actor) -> None:
    """Fill in the settings and upload the logo, as the owner would."""
    await operations.run(company.change, owner, CompanyChangeInput(changed=_settled), "demo settings")
    await operations.run(company.set_logo, owner, LogoUpload(content=drawn_logo()), "demo logo")
    for view in VIEWS:
        await operations.run(saved_views.save, owner, view, "demo views")


async def say_who_issues(application: Application, at: datetime, why: Provenance) -> None:
    """What documents say of the company, before the first of them is issued."""
    commands = (
        ChangeBilling(billing=_BILLING, at=at),
        ChangeSupport(support=_SUPPORT, at=at),
        ChangePreferences(preferences=_PREFERENCES, at=at),
    )
    for command in commands:
        await application.execute(companies, str(why.company), command, why)


def _settled(known: CompanySettings) -> CompanySettings:
    return replace(known, billing=_BILLING, bank_account=ACCOUNT, support=_SUPPORT, preferences=_PREFERENCES)


def drawn_logo() -> bytes:
    """The logo as a PNG: a white bolt on a rounded square."""
    image = Image.new("RGB", (SIDE, SIDE), _WHITE)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, SIDE - 1, SIDE - 1), radius=SIDE // 6, fill=_TEAL)
    pen.ellipse((SIDE // 8, SIDE // 8, SIDE - SIDE // 8, SIDE - SIDE // 8), fill=_DEEP)
    pen.polygon([(x * SIDE / 100, y * SIDE / 100) for x, y in _BOLT], fill=_WHITE)
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()
