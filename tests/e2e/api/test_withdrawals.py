"""Withdrawals by API: asked for at once, held, paid, rejected, returned; statements and files of payments."""

import csv
import io
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from importlib import resources
from typing import Any

import httpx2
import pytest
import xmlschema
from pypdf import PdfReader

from tests.e2e.api.charger import charge_once, eventually
from tests.e2e.running import Api, RunningSystem

PRICE = {"strategy": "perKwh", "price": "0.50"}
IBAN, OTHER_IBAN = "DE89370400440532013000", "DE02120300000000202051"
BILLING = {
    "street": "Am Kai 1",
    "postalCode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vatId": "DE136695976",
    "iban": IBAN,
}
COMPANY = 310


@pytest.fixture(scope="module")
def own_company(system: RunningSystem) -> Api:
    """A company that has earned 10.00 EUR, with billing data and a bank account."""
    api = system.api(COMPANY)
    settings = {"legalName": "Kai & Söhne GmbH", "billing": BILLING, "fiscalTimeZone": "Europe/Berlin"}
    api.client.patch("/settings", json=settings).raise_for_status()
    place = api.location(PRICE, name="Kai")
    for _ in range(2):
        box, token = f"WD-{secrets.token_hex(3).upper()}", secrets.token_hex(4).upper()
        api.charger(place, box)
        api.token(token)
        charge_once(system, box, token, company=COMPANY)
    eventually(lambda: balance(api)["available"] == "10.00")
    return api


@pytest.fixture(scope="module")
def staff(system: RunningSystem) -> Iterator[httpx2.Client]:
    """The API with a key of a member of the staff."""
    key = system.create_staff_key(system.create_staff())
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=f"{system.base_url}/api/v1", headers=headers, timeout=30) as client:
        yield client


def balance(api: Api) -> dict[str, str]:
    """The amounts in euro."""
    items = api.get("/finance/balance")["items"]
    found: dict[str, Any] = next((each for each in items if each["currency"] == "EUR"), {})
    return {name: value["amount"] for name, value in found.items() if isinstance(value, dict)}


def asked(api: Api, amount: str) -> str:
    answer = api.post("/finance/withdrawals", {"currency": "EUR", "amount": amount})
    return str(answer["id"])


def review(staff: httpx2.Client, withdrawal: str, deed: str, **body: str) -> dict[str, Any]:
    answer = staff.post(f"/platform/withdrawals/{withdrawal}/{deed}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_requests_at_once_take_no_more_than_there_is_and_rejected_ones_give_it_back(
    own_company: Api, staff: httpx2.Client
) -> None:
    def ask(_: int) -> int:
        body = {"currency": "EUR", "amount": "3.00"}
        return own_company.client.post("/finance/withdrawals", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert sorted(answers) == [201, 201, 201, *([409] * 5)]
    assert balance(own_company) == {
        "available": "1.00",
        "pending": "0.00",
        "requested": "9.00",
        "paid": "0.00",
    }
    for each in own_company.get("/finance/withdrawals")["items"]:
        told = review(staff, each["id"], "reject", reason="Once is enough.")
        assert told["withdrawal"]["state"] == "rejected"
    assert balance(own_company)["available"] == "10.00"


def test_a_request_sent_twice_with_its_key_is_one(own_company: Api, staff: httpx2.Client) -> None:
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    body = {"currency": "EUR", "amount": "1.00"}
    first = own_company.client.post("/finance/withdrawals", json=body, headers=headers)
    again = own_company.client.post("/finance/withdrawals", json=body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert balance(own_company)["requested"] == "1.00"
    review(staff, first.json()["id"], "reject", reason="A trial.")


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"currency": "EUR", "amount": "10.01"}, 409, "more than is available: 10.00 EUR"),
        ({"currency": "JPY"}, 409, "Nothing can be withdrawn in JPY"),
        ({"currency": "EUR", "amount": "0.00"}, 422, "more than nothing"),
        ({"currency": "EUR", "amount": "1.001"}, 422, "finer than the smallest unit"),
        ({"currency": "EUR", "amount": "-1"}, 422, "/amount"),
        ({"currency": "XXX"}, 422, "ISO 4217"),
        ({}, 422, "currency"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused(
    own_company: Api, body: dict[str, str], status: int, says: str
) -> None:
    answer = own_company.client.post("/finance/withdrawals", json=body)
    assert answer.status_code == status
    assert says in answer.text
    assert balance(own_company)["available"] == "10.00"


def test_another_company_and_nobody_of_a_company_gets_near_it(
    system: RunningSystem, own_company: Api, staff: httpx2.Client
) -> None:
    withdrawal = asked(own_company, "1.00")
    other = system.api(7).client
    for path in (f"/finance/withdrawals/{withdrawal}", f"/finance/withdrawals/{withdrawal}/statement"):
        assert other.get(path).status_code == 404
    assert other.get("/finance/withdrawals").json()["items"] == []
    for deed, body in (("pay", {"reference": "1"}), ("reject", {"reason": "1"}), ("return", {"reason": "1"})):
        for client in (other, own_company.client):
            path = f"/platform/withdrawals/{withdrawal}/{deed}"
            assert client.post(path, json=body).status_code == 403
    assert other.get("/platform/withdrawals/payments").status_code == 403
    no_billing = other.post("/finance/withdrawals", json={"currency": "EUR"})
    assert no_billing.status_code == 409
    assert "billing data" in no_billing.text
    review(staff, withdrawal, "reject", reason="A trial.")


def test_a_changed_bank_account_holds_what_was_requested_before(
    own_company: Api, staff: httpx2.Client
) -> None:
    withdrawal = asked(own_company, "2.00")
    changed = {"billing": {"iban": OTHER_IBAN}}
    own_company.client.patch("/settings", json=changed).raise_for_status()
    assert staff.get(f"/platform/withdrawals/{withdrawal}").json()["held"] is True
    refused = staff.post(f"/platform/withdrawals/{withdrawal}/pay", json={"reference": "SEPA-1"})
    assert refused.status_code == 409
    assert "confirm the new account" in refused.text
    assert withdrawal.replace("-", "") not in staff.get("/platform/withdrawals/payments").text
    confirmed = review(staff, withdrawal, "confirm-account")
    assert confirmed["held"] is False
    assert confirmed["withdrawal"]["ibanMasked"] == "DE •••• 2051"
    paid = review(staff, withdrawal, "pay", reference="SEPA-1")
    assert review(staff, withdrawal, "pay", reference="SEPA-1") == paid
    assert balance(own_company)["paid"] == "2.00"
    assert staff.post(f"/platform/withdrawals/{withdrawal}/reject", json={"reason": "x"}).status_code == 409
    review(staff, withdrawal, "return", reason="Account closed")
    assert balance(own_company) == {
        "available": "10.00",
        "pending": "0.00",
        "requested": "0.00",
        "paid": "0.00",
    }
    own_company.client.patch("/settings", json={"billing": {"iban": IBAN}}).raise_for_status()


def test_the_payment_file_has_a_transfer_for_each_and_keeps_the_standard(
    own_company: Api, staff: httpx2.Client
) -> None:
    first, second = asked(own_company, "1.10"), asked(own_company, "2.25")
    answer = staff.get("/platform/withdrawals/payments")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/xml")
    schema = xmlschema.XMLSchema(str(resources.files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))
    document: Any = schema.to_dict(answer.content.decode())
    (batch,) = document["CstmrCdtTrfInitn"]["PmtInf"]
    # Withdrawals of other companies are among them.
    by_id = {each["PmtId"]["EndToEndId"]: each for each in batch["CdtTrfTxInf"]}
    transfers = [by_id[withdrawal.replace("-", "")] for withdrawal in (first, second)]
    assert [str(each["Amt"]["InstdAmt"]["$"]) for each in transfers] == ["1.10", "2.25"]
    for each in transfers:
        address = each["Cdtr"]["PstlAdr"]
        assert (address["TwnNm"], address["Ctry"]) == ("Hamburg", "DE")
        assert each["CdtrAcct"]["Id"]["IBAN"] == IBAN
    for each in (first, second):
        review(staff, each, "reject", reason="A trial.")


def test_a_statement_adds_up_to_what_was_available(own_company: Api, staff: httpx2.Client) -> None:
    withdrawal = asked(own_company, "4.00")
    answer = own_company.client.get(f"/finance/withdrawals/{withdrawal}/statement")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[-1]["balance"] == "10.00"
    assert {each["kind"] for each in lines} <= {
        "settlement",
        "platformFee",
        "withdrawal",
        "withdrawalRejected",
        "withdrawalReturned",
    }
    following = asked(own_company, "1.00")
    answer = own_company.client.get(f"/finance/withdrawals/{following}/statement")
    (line,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (line["kind"], line["amount"], line["balance"]) == ("withdrawal", "-4.00", "6.00")
    for each in (withdrawal, following):
        review(staff, each, "reject", reason="A trial.")


def test_a_statement_as_pdf_stays_the_same_file_whatever_happens(
    own_company: Api, staff: httpx2.Client
) -> None:
    withdrawal = asked(own_company, "4.00")
    path = f"/finance/withdrawals/{withdrawal}/statement"
    before = own_company.client.get(path, params={"format": "pdf"})
    assert before.headers["content-type"] == "application/pdf"
    assert before.headers["content-disposition"].endswith(f'-{withdrawal[:8]}.pdf"')
    text = " ".join(PdfReader(io.BytesIO(before.content)).pages[0].extract_text().split())
    for each in ("Kai & Söhne GmbH", "Withdrawal of €4.00", "DE •••• 3000", "Left €6.00"):
        assert each in text
    own_company.client.patch("/settings", json={"legalName": "Another Ltd"}).raise_for_status()
    place = next(each["id"] for each in own_company.get("/locations")["items"] if each["name"] == "Kai")
    own_company.client.patch(f"/locations/{place}", json={"name": "Another place"}).raise_for_status()
    review(staff, withdrawal, "reject", reason="A trial.")
    after = own_company.client.get(path, params={"format": "pdf"})
    assert after.content == before.content
    settings = {"legalName": "Kai & Söhne GmbH"}
    own_company.client.patch("/settings", json=settings).raise_for_status()


def test_a_platform_fee_is_taken_from_what_settles_and_the_books_stay_right(
    system: RunningSystem, own_company: Api, staff: httpx2.Client
) -> None:
    today = own_company.get("/finance/transactions")["items"][0]["day"]
    fee = {"startsOn": today, "rate": "0.02", "fixed": [{"currency": "EUR", "amount": "0.05"}]}
    path = f"/platform/companies/{COMPANY}/fee"
    assert own_company.client.put(path, json=fee).status_code == 403
    answer = staff.put(path, json=fee)
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"][0]["startsOn"] == today
    assert staff.put(path, json={"startsOn": "2020-01-01"}).status_code == 409
    box, token = f"WD-{secrets.token_hex(3).upper()}", secrets.token_hex(4).upper()
    own_company.charger(own_company.location(PRICE, name="Quay"), box)
    own_company.token(token)
    charge_once(system, box, token, company=COMPANY)
    entry = eventually(lambda: own_company.get("/finance/transactions", kind="platformFee")["items"])[0]
    assert entry["gross"]["amount"] == "-0.15"
    assert balance(own_company)["available"] == "14.85"
    sums = [
        sum(Decimal(account["balance"]["amount"]) for account in each["accounts"])
        for each in own_company.get("/finance/balance")["items"]
    ]
    assert sums == [0]
    assert system.verify()["same"]
