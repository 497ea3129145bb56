"""Statements of home chargers as a document, a file and an answer, and approvals at the same time."""

import asyncio
import io
from datetime import date
from typing import cast

import pytest
from pypdf import PdfReader

from eosvolt.adapters.documents.typesetter import Typesetter
from eosvolt.adapters.http.framework.texts import language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.home_statement_document import (
    StatementParties,
    home_statement_document,
)
from eosvolt.adapters.http.presentation.home_statements import home_statements, statements_of_owner
from eosvolt.application.operations import home_statements as operations
from eosvolt.application.operations.home_statements import HomeStatementPayment
from eosvolt.domain.home_statements.events import HomeStatementApproved, HomeStatementPaid
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY
from tests.unit.http.test_withdrawal_documents import ISSUER
from tests.unit.operations.charging import OWNER
from tests.unit.operations.homes import HOME, PROFILE
from tests.unit.operations.statements import APPROVAL, OCTOBER, STATEMENT, an_owed_month
from tests.web_in_memory import Site

PATH = f"/finance/reimbursements/{STATEMENT}"


async def owed() -> Site:
    site = await Site().opened()
    await an_owed_month(site)
    return site


def happened(site: Site, kind: type) -> int:
    return sum(isinstance(fact.event, kind) for fact in site.store.facts)


async def test_of_many_who_approve_and_pay_at_once_one_wins() -> None:
    site = await owed()
    await asyncio.gather(*(site.operations.run(operations.approve, OWNER, APPROVAL) for _ in range(10)))
    assert happened(site, HomeStatementApproved) == 1
    references = [f"SEPA-{number}" for number in range(10)]
    paid = [
        site.operations.run(
            operations.pay,
            OWNER,
            HomeStatementPayment(home=HOME, month=OCTOBER, profile=PROFILE, reference=each),
        )
        for each in references
    ]
    outcomes = await asyncio.gather(*paid, return_exceptions=True)
    assert [type(each) for each in outcomes if each is not None] == [Rejected] * 9
    assert happened(site, HomeStatementPaid) == 1


async def test_an_owner_s_statements_are_those_of_own_home_chargers() -> None:
    site = await owed()
    queries, now = cast("Queries", site.queries), site.clock.now()
    (found,) = await statements_of_owner(queries, COMPANY, "ana", now)
    assert (found.id, found.state, found.amount, found.business_wh) == (STATEMENT, "open", 327, 10_000)
    assert await statements_of_owner(queries, COMPANY, "somebody", now) == []
    await site.operations.run(operations.approve, OWNER, APPROVAL)
    (found,) = await home_statements(queries, COMPANY, now)
    assert (found.state, found.approved_at, found.month) == ("approved", now, date(2026, 10, 1))


async def test_a_statement_that_is_approved_is_a_document() -> None:
    site = await owed()
    assert (await site.api("GET", f"{PATH}/statement?format=pdf")).status_code == 409
    await site.operations.run(operations.approve, OWNER, APPROVAL)
    (found,) = await home_statements(cast("Queries", site.queries), COMPANY, site.clock.now())
    with speaking(language("en")):
        document = home_statement_document(found, ISSUER, StatementParties("Ana Berg", "Pier Power GmbH"))
    content = await Typesetter().statement(document, None)
    paid = found._replace(state="paid", paid_at=site.clock.now(), reference="SEPA-1")
    with speaking(language("en")):
        again = home_statement_document(paid, ISSUER, StatementParties("Ana Berg", "Pier Power GmbH"))
    assert await Typesetter().statement(again, None) == content
    (page,) = PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text().split())
    for said in ("October 2026", "Ana Berg", "10.000", "€0.31 + €0.0174", "0.000 – 10.000", "€3.27"):
        assert said in text, (said, text)


async def test_a_statement_as_csv_has_each_session() -> None:
    site = await owed()
    answer = await site.api("GET", f"{PATH}/statement?format=csv")
    assert answer.status_code == 200
    head, line = answer.content.decode("utf-8-sig").splitlines()[:2]
    told = dict(zip(head.split(","), line.split(","), strict=True))
    assert told["use"] == "business"
    assert (told["energy (kWh)"], told["price per kWh"], told["amount"]) == ("10.000", "0.31", "3.27")
    assert told["evidence"] == "Contract 4711"


@pytest.mark.parametrize(
    "statement", ["home-1", "home-1.2026-10.p2", "home-1.2026-11.p1", "..", "x.2026-10.p1"]
)
async def test_what_is_no_statement_is_not_found(statement: str) -> None:
    site = await owed()
    assert (await site.api("GET", f"/finance/reimbursements/{statement}")).status_code == 404
    assert (await site.api("POST", f"/finance/reimbursements/{statement}/approve", {})).status_code == 404


async def test_the_amount_that_is_agreed_to_is_that_of_the_statement() -> None:
    site = await owed()
    refused = await site.api("POST", f"{PATH}/approve", {"amount": "3.28"})
    assert refused.status_code == 409
    answer = (await site.api("POST", f"{PATH}/approve", {"amount": "3.27"})).json()
    assert (answer["state"], answer["amount"]) == ("approved", {"currency": "EUR", "amount": "3.27"})
    assert answer["sessions"][0]["priceSource"] == "contract"
    found = (await site.api("GET", "/finance/reimbursements?state=approved")).json()["items"]
    assert [each["id"] for each in found] == [STATEMENT]
    assert (await site.api("GET", "/finance/reimbursements?state=paid")).json()["items"] == []
    entries = (await site.api("GET", "/home-chargers")).json()["items"]
    assert [each["id"] for each in entries] == [HOME]
