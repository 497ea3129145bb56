"""The statement of a withdrawal as a PDF: its movements add up, line by line or day by day."""

import io
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace
from pypdf import PdfReader

from eosvolt.adapters.documents.typesetter import Typesetter
from eosvolt.adapters.http.framework.texts import language, speaking
from eosvolt.adapters.http.presentation.withdrawal_document import LISTED, statement_document
from eosvolt.adapters.http.presentation.withdrawals import WithdrawalStatement
from eosvolt.application.payouts import MovementSum
from eosvolt.domain.companies.settings import BillingDetails, MaskedBankAccount
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.ledger import LedgerRow
from eosvolt.projections.payouts import PayoutRow
from tests.examples import COMPANY, MORNING

ISSUER = CompanyRow(
    key=str(COMPANY),
    company=COMPANY,
    name="Pier",
    owner="",
    registered_at=MORNING,
    billing=BillingDetails(legal_name="Pier Power GmbH", street="Am Kai 1"),
    bank_account=MaskedBankAccount(iban="DE •••• 3000"),
)
DAY = date(2026, 11, 1)


def movement(number: int, gross: int, kind: str = "settlement", day: date = DAY) -> LedgerRow:
    return LedgerRow(
        id=f"{number}-{kind}",
        company=COMPANY,
        by="settlement",
        position=number,
        at=MORNING + timedelta(minutes=number),
        day=day,
        kind=kind,
        number=number,
        location="L",
        currency="EUR",
        gross=gross,
    )


def withdrawn(amount: int, carried: int, movements: Sequence[LedgerRow]) -> WithdrawalStatement:
    payout = PayoutRow(
        id="0193-payout",
        company=COMPANY,
        position=9,
        state="requested",
        currency="EUR",
        amount=amount,
        available=carried + sum(each.gross for each in movements),
        counted=9,
        settled_until=None,
        account=ISSUER.bank_account,
        time_zone="Europe/Berlin",
        requested_at=MORNING,
        requested_by="admin:1",
        due_on=DAY,
    )
    sums: dict[tuple[date, str], MovementSum] = {}
    for row in movements:
        key = row.day or DAY, row.kind
        known = sums.get(key) or MovementSum(*key, 0, 0)
        sums[key] = known._replace(movements=known.movements + 1, gross=known.gross + row.gross)
    before = replace(payout, id="0192-payout", available=carried)
    return WithdrawalStatement(payout, before, [sums[key] for key in sorted(sums)], movements)


async def printed(found: WithdrawalStatement, spoken: str = "en", place: str = "Harbour") -> str:
    """The texts of all pages."""
    with speaking(language(spoken)):
        document = statement_document(found, ISSUER, {"L": place})
    reader = PdfReader(io.BytesIO(await Typesetter().statement(document, None)))
    text = " ".join(each.extract_text() for each in reader.pages)
    return " ".join(text.replace("\xa0", " ").replace("\u200b", "").split())


async def test_each_movement_has_a_line_with_the_balance_behind_it() -> None:
    movements = [movement(7, 1_000), movement(8, 500), movement(8, -15, "platformFee")]
    text = await printed(withdrawn(1_400, 200, movements))
    for each in (
        "Available at the request before €2.00 Settled session €15.00 Platform fee -€0.15",
        "Available at this request €16.85 This withdrawal -€14.00 Left €2.85",
        "Settled session 7 Harbour €10.00 €12.00",
        "Settled session 8 Harbour €5.00 €17.00",
        "Platform fee 8 Harbour -€0.15 €16.85",
        "Pier Power GmbH",
        "DE •••• 3000",
    ):
        assert each in text


async def test_the_same_statement_is_the_same_file() -> None:
    found = withdrawn(100, 0, [movement(7, 1_000)])
    with speaking(language("en")):
        files = {await Typesetter().statement(statement_document(found, ISSUER, {}), None) for _ in range(2)}
    assert len(files) == 1


async def test_thousands_of_movements_are_summed_by_day_and_kind_to_the_same_amount() -> None:
    days = [DAY + timedelta(days=number % 3) for number in range(LISTED + 1)]
    movements = [movement(number, 10, day=day) for number, day in enumerate(days)]
    text = await printed(withdrawn(100, 0, movements))
    assert "1 Nov 2026 Settled session 667 €66.70 €66.70" in text
    assert "3 Nov 2026 Settled session 667 €66.70 €200.10" in text
    assert "Available at this request €200.10" in text
    assert "the CSV file has each movement" in text


async def test_it_is_printed_in_german_as_well() -> None:
    text = await printed(withdrawn(1_000, 0, [movement(7, 1_000)]), spoken="de")
    for each in ("Abrechnung", "Auszahlung von 10,00 €", "10,00 € 10,00 €", "Seite"):
        assert each in text


async def test_names_are_printed_and_never_executed() -> None:
    hostile = '#panic("x") $x^2$ *b* @ref `raw` #read("/etc/passwd")'
    text = await printed(withdrawn(100, 0, [movement(7, 1_000)]), place=hostile)
    assert hostile.replace(" ", "") in text.replace(" ", "")
