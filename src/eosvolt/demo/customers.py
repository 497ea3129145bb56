"""The customers of the demo's company: the holders of its private cards, and the fleets with theirs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from eosvolt.adapters.simulator.demo_park import DEMO, DemoPark
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Application
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage
from eosvolt.domain.customers.commands import AddCustomer, AddCustomerToken
from eosvolt.domain.customers.decider import customers
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.tokens.commands import AssignToken
from eosvolt.domain.tokens.decider import tokens

_WHY = Provenance(DEMO.company, "system:demo", "set-up of the demo")
_STREETS = ("Lindenstraße", "Karl-Liebknecht-Straße", "Gohliser Straße", "Windmühlenstraße")
_FROM_ABROAD = 7


async def add_customers(
    application: Application, at: datetime, park: DemoPark = DEMO
) -> Sequence[CustomerPerson]:
    """Add the customers of ``park`` at ``at``; returns their personal data, kept beside the history."""
    people = []
    holders = dict.fromkeys(token.holder for token in park.tokens if token.holder)
    for number, name in enumerate(holders):
        person = _person(park, number, name)
        people.append(person)
        abroad = number % _FROM_ABROAD == _FROM_ABROAD - 1
        language = CompanyLanguage.ENGLISH if abroad else CompanyLanguage.GERMAN
        add = AddCustomer(company=park.company, at=at, language=language)
        await application.execute(customers, person.customer, add, _WHY)
        for token in park.tokens:
            if token.holder == name:
                assign = AssignToken(customer=person.customer, at=at)
                await application.execute(tokens, f"{park.company}/{token.uid}", assign, _WHY)
                give = AddCustomerToken(at=at, token=token.uid)
                await application.execute(customers, person.customer, give, _WHY)
    return people


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
