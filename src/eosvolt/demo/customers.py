"""The customers of the demo's company: the holders of its private cards, and the fleets with theirs."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from eosvolt.adapters.simulator.demo_park import DEMO, DemoPark, DemoToken
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Application
from eosvolt.demo.contents import location_id
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage
from eosvolt.domain.customer_groups.commands import PutCustomerGroup
from eosvolt.domain.customer_groups.decider import customer_groups
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.customers.commands import AddCustomer, AddCustomerToken, ChangeMembership
from eosvolt.domain.customers.decider import customers
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.tokens.commands import AssignToken, PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus

_WHY = Provenance(DEMO.company, "system:demo", "set-up of the demo")
_STREETS = ("Lindenstraße", "Karl-Liebknecht-Straße", "Gohliser Straße", "Windmühlenstraße")
_FROM_ABROAD = 7
GUESTS, CARE = "demo-guests", "demo-care"
# Those who belong to a group by their own, beside the guests.
CARERS = ("Mia Hoffmann", "Pflegedienst Linde")
# They book in a garage of the demo, for which they have another card.
BOOKERS = (
    "Anna Weber",
    "Sophie Gruber",
    "Lukas Steiner",
    "Marie Huber",
    "David Moser",
    "Eva Novotná",
    "Karl Ziegler",
    "Ida Franke",
)
BOOKING_CARDS = tuple(
    DemoToken(f"04E2{number * 6_151 + 8_192:06X}5E80", "Garage", holder=name)
    for number, name in enumerate(BOOKERS)
)
_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (GUESTS, "Gäste aus dem Ausland", ()),
    ("demo-fleets", "Flottenkunden", ("FLEET-PAKETPOST", "FLEET-TAXI")),
    (CARE, "Pflegedienste", ("FLEET-PFLEGE",)),
)


async def add_customers(
    application: Application, at: datetime, park: DemoPark = DEMO, known: Collection[str] = ()
) -> Sequence[CustomerPerson]:
    """Add the customers of ``park`` at ``at``; returns their personal data, kept beside the history.

    Those with the names ``known`` were added before.
    """
    people = []
    for number, name in enumerate(_holders(park)):
        person = _person(park, number, name)
        people.append(person)
        abroad = number % _FROM_ABROAD == _FROM_ABROAD - 1
        language = CompanyLanguage.ENGLISH if abroad else CompanyLanguage.GERMAN
        if name not in known:
            await add_customer(application, at, person, language)
        for token in park.tokens:
            if token.holder == name:
                await give_token(application, at, person.customer, token.uid)
        group = GUESTS if abroad else CARE if name in CARERS else ""
        if group:
            member = ChangeMembership(at=at, groups=(group,))
            await application.execute(customers, person.customer, member, _WHY)
    return people


async def add_customer(
    application: Application, at: datetime, person: CustomerPerson, language: CompanyLanguage
) -> None:
    """Add a customer, who has no token yet."""
    add = AddCustomer(company=person.company, at=at, language=language)
    await application.execute(customers, person.customer, add, _WHY)


async def give_token(application: Application, at: datetime, customer: str, uid: str) -> None:
    """Make a token a customer's."""
    assign = AssignToken(customer=customer, at=at)
    await application.execute(tokens, f"{DEMO.company}/{uid}", assign, _WHY)
    await application.execute(customers, customer, AddCustomerToken(at=at, token=uid), _WHY)


async def add_groups(application: Application, at: datetime, park: DemoPark = DEMO) -> None:
    """Add the customer groups: guests from abroad, and fleets with percent off everywhere."""
    for number, (group, name, token_groups) in enumerate(_GROUPS):
        prices = tuple(
            GroupPrice(location=location_id(park.company, place.name), percent_off=Decimal(5 * number))
            for place in park.locations
            if number
        )
        put = PutCustomerGroup(
            company=park.company, group=group, at=at, name=name, token_groups=token_groups, prices=prices
        )
        await application.execute(customer_groups, str(park.company), put, _WHY)


def a_driver(park: DemoPark = DEMO) -> str:
    """The e-mail address of a customer, who can sign in as a driver."""
    return person_of(next(iter(_holders(park))), park).email


async def issue_booking_cards(application: Application, at: datetime) -> None:
    """Give those who book a card that they use for nothing else."""
    for token in BOOKING_CARDS:
        put = PutToken(
            company=DEMO.company, uid=token.uid, at=at, status=TokenStatus.ACCEPTED, label=token.label
        )
        await application.execute(tokens, f"{DEMO.company}/{token.uid}", put, _WHY)
        await give_token(application, at, person_of(token.holder).customer, token.uid)


def person_of(name: str, park: DemoPark = DEMO) -> CustomerPerson:
    """The customer with a name, who holds a card of ``park``."""
    return _person(park, list(_holders(park)).index(name), name)


def _holders(park: DemoPark) -> Iterable[str]:
    return dict.fromkeys(token.holder for token in park.tokens if token.holder)


def _person(park: DemoPark, number: int, name: str) -> CustomerPerson:
    """A made-up person: the address follows from the ``number``."""
    mailbox = ".".join(name.lower().translate(_PLAIN).split())
    return CustomerPerson(
        customer=str(uuid5(NAMESPACE_URL, f"customer:{park.company}/{name}")),
        company=park.company,
        name=name,
        email=f"{mailbox}@fahrer.example",
        phone=f"+49 341 55501{number:02}",
        billing=BillingDetails(
            street=f"{_STREETS[number % len(_STREETS)]} {number * 3 + 1}",
            postal_code=f"041{number % 80 + 3:02}",
            city="Leipzig",
            country="DE",
        ),
    )


_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": "und", ".": ""})
