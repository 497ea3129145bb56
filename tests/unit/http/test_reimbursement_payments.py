"""The file that pays the owners of home chargers, and the bank accounts that it needs."""

from importlib import resources
from typing import Any

import httpx2
import xmlschema

from eosvolt.application.account_mails import AccountMailKind
from eosvolt.application.operations import customers
from eosvolt.application.operations.customers import CustomerTerms, NewCustomerInput
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea, Right
from eosvolt.domain.companies.settings import BillingDetails
from tests.drivers_in_memory import DRIVER, DRIVER_SECRET
from tests.examples import COMPANY, LOCATION
from tests.ports_in_memory import PASSWORD
from tests.unit.operations.charging import OWNER
from tests.unit.operations.statements import STATEMENT, an_approved_month
from tests.web_in_memory import Site

SCHEMA = xmlschema.XMLSchema(str(resources.files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))
OWED, FILE = "/finance/reimbursements/owed", "/finance/reimbursements/payments"
IBAN, OWN_IBAN = "DE89370400440532013000", "NL91ABNA0417164300"
ACCOUNT = "/customers/ana/bank-account"
VIEW, EDIT = (Permission(action, ProductArea.FINANCE) for action in (Action.VIEW, Action.EDIT))
LOOK = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)


async def owed(billing: BillingDetails = BillingDetails()) -> Site:  # noqa: B008 - immutable
    """3.27 € are owed to Ana, who has no bank account yet."""
    site = await Site().opened()
    terms = CustomerTerms(name="Ana Blüm", email=DRIVER.email, billing=billing)
    await site.operations.run(customers.add, OWNER, NewCustomerInput(customer="ana", terms=terms))
    await an_approved_month(site)
    return site


async def company_account(site: Site) -> None:
    settings = {"legalName": "Pier Power GmbH", "billing": {"iban": OWN_IBAN, "bic": "ABNANL2A"}}
    assert (await site.api("PATCH", "/settings", settings)).status_code == 200


async def put(site: Site, **account: str) -> httpx2.Response:
    return await site.api("PUT", ACCOUNT, account)


def become(site: Site, *needs: Permission | Right, locations: frozenset[str] | None = None) -> None:
    site.gate.grants = Grants(frozenset(needs), locations)
    site.gate.forget_keys()


def transfers(answer: httpx2.Response) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The one batch of a file that keeps the schema, and its transfers."""
    assert answer.status_code == 200, answer.text
    document: Any = SCHEMA.to_dict(answer.text)
    (batch,) = document["CstmrCdtTrfInitn"]["PmtInf"]
    return batch, batch["CdtTrfTxInf"]


async def test_what_is_owed_is_paid_from_the_company_s_account_to_the_owner_s() -> None:
    site = await owed()
    assert (await site.api("GET", OWED)).json()["items"][0]["leftOut"] == "noAccount"
    assert (await site.api("GET", FILE)).status_code == 409
    assert (await put(site, iban="de89 3704 0044 0532 0130 00", accountHolder="Ana Stein")).status_code == 200
    refused = await site.api("GET", FILE)
    assert (refused.status_code, "bank account to pay from" in refused.text) == (409, True)
    await company_account(site)
    (item,) = (await site.api("GET", OWED)).json()["items"]
    assert (item["reimbursementId"], "leftOut" in item, item["amount"]["amount"]) == (
        STATEMENT,
        False,
        "3.27",
    )
    answer = await site.api("GET", FILE)
    assert answer.headers["content-disposition"].startswith('attachment; filename="reimbursements-')
    batch, (transfer,) = transfers(answer)
    assert batch["Dbtr"]["Nm"] == "Pier Power GmbH"
    assert batch["DbtrAcct"]["Id"]["IBAN"] == OWN_IBAN
    assert batch["DbtrAgt"]["FinInstnId"]["BICFI"] == "ABNANL2A"
    assert (transfer["Cdtr"]["Nm"], "PstlAdr" in transfer["Cdtr"]) == ("Ana Stein", False)
    assert transfer["CdtrAcct"]["Id"]["IBAN"] == IBAN
    assert str(transfer["Amt"]["InstdAmt"]["$"]) == "3.27"
    assert transfer["RmtInf"]["Ustrd"] == ["Reimbursement 2026-10 CP-HOME"]


async def test_a_statement_has_one_end_to_end_id_in_all_files_and_is_in_none_once_it_is_paid() -> None:
    site = await owed(BillingDetails(street="Kai 1", postal_code="20457", city="Hamburg", country="DE"))
    await company_account(site)
    await put(site, iban=IBAN)
    first, second = [transfers(await site.api("GET", FILE))[1] for _ in range(2)]
    assert first == second
    assert first[0]["Cdtr"]["PstlAdr"]["TwnNm"] == "Hamburg"
    assert first[0]["Cdtr"]["Nm"] == "Ana Blum"
    paid = await site.api("POST", f"/finance/reimbursements/{STATEMENT}/pay", {"reference": "SEPA-1"})
    assert paid.status_code == 200
    assert (await site.api("GET", OWED)).json()["items"] == []
    assert (await site.api("GET", FILE)).status_code == 409
    again = await site.api("POST", f"/finance/reimbursements/{STATEMENT}/pay", {"reference": "SEPA-2"})
    assert again.status_code == 409


async def test_the_page_offers_the_file_and_says_what_is_not_in_it() -> None:
    site = await owed()
    page = (await site.page("/finance/reimbursements")).text
    assert "The owner has no bank account" in page
    assert FILE not in page
    await put(site, iban=IBAN)
    assert "The company has no bank account to pay from" in (await site.page("/finance/reimbursements")).text
    await company_account(site)
    page = (await site.page("/finance/reimbursements")).text
    assert f'href="{FILE}"' in page
    assert "1 statement of €3.27" in page
    assert "no bank account" not in page
    await site.api("DELETE", "/customers/ana")
    answer = await site.page(FILE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/finance/reimbursements")
    assert "The owner has no bank account" in (await site.page("/finance/reimbursements")).text


async def test_the_file_needs_what_recording_a_payment_needs() -> None:
    site = await owed()
    await company_account(site)
    await put(site, iban=IBAN)
    for needs, locations, status in (
        ((VIEW,), None, 403),
        ((VIEW, EDIT), frozenset({LOCATION}), 403),
        ((VIEW, EDIT), None, 200),
    ):
        become(site, *needs, locations=locations)
        assert (await site.api("GET", FILE)).status_code == status
        assert (await site.page(FILE)).status_code == status
        assert (FILE in (await site.page("/finance/reimbursements")).text) is (status == 200)


async def test_a_customer_s_account_is_masked_but_for_the_right_to_bank_details() -> None:
    site = await owed()
    await put(site, iban=IBAN, bic="COBADEFFXXX", accountHolder="Ana Stein")
    whole = (await site.api("GET", ACCOUNT)).json()
    assert (whole["iban"], whole["ibanMasked"], whole["customerId"]) == (IBAN, "DE •••• 3000", "ana")
    assert (await site.api("GET", "/customers/ana/export")).json()["bankAccount"] == whole
    assert "3704 0044" in (await site.page(ACCOUNT)).text
    become(site, LOOK, Permission(Action.EXPORT, ProductArea.CHARGE_POINTS))
    assert (await site.api("GET", ACCOUNT)).status_code == 403
    assert (await site.page(ACCOUNT)).status_code == 403
    known = (await site.api("GET", "/customers/ana")).json()
    assert known["ibanMasked"] == "DE •••• 3000"
    exported = (await site.api("GET", "/customers/ana/export")).json()["bankAccount"]
    assert "iban" not in exported
    page = (await site.page("/customers/ana")).text
    assert "DE •••• 3000" in page
    assert ACCOUNT not in page


async def test_other_changes_leave_the_account_and_no_account_is_put_with_a_wrong_number() -> None:
    site = await owed()
    await put(site, iban=IBAN)
    assert (await site.api("PATCH", "/customers/ana", {"phone": "+49 40 1"})).status_code == 200
    assert (await site.api("GET", ACCOUNT)).json()["iban"] == IBAN
    refused = await put(site, iban="DE89370400440532013001", accountHolder="A" * 71)
    assert refused.status_code == 422
    refused = await put(site, bic="COBADEFFXXX")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/iban"]
    assert (await put(site)).status_code == 200
    assert (await site.api("GET", ACCOUNT)).json()["iban"] == ""
    assert (await put(site, iban=IBAN)).status_code == 200
    assert (await site.api("PUT", "/customers/nobody/bank-account", {"iban": IBAN})).status_code == 404


async def test_a_person_confirms_another_account_with_the_password() -> None:
    site = await owed()
    form = {"iban": IBAN, "bic": "", "accountHolder": ""}
    assert (await site.page(ACCOUNT, {**form, "password": "a wrong one"})).status_code == 422
    assert (await site.api("GET", ACCOUNT)).json()["iban"] == ""
    assert (await site.page(ACCOUNT, {**form, "iban": "DE1", "password": PASSWORD})).status_code == 422
    assert (await site.page(ACCOUNT, {**form, "password": PASSWORD})).status_code == 303
    assert (await site.api("GET", ACCOUNT)).json()["iban"] == IBAN


async def test_whoever_is_paid_elsewhere_from_now_on_gets_a_mail() -> None:
    site = await owed()
    await put(site, iban=IBAN)
    await put(site, iban=IBAN)
    mails = [
        each for each in site.account_mails.waiting if each.kind is AccountMailKind.CUSTOMER_ACCOUNT_CHANGED
    ]
    assert [(each.address, each.values["iban"]) for each in mails] == [(DRIVER.email, "DE •••• 3000")]


async def test_an_owner_gives_the_account_and_takes_it_away() -> None:
    site = await owed()
    path = f"/drive/home/account/{COMPANY}"
    assert "No bank account yet" in (await site.page("/drive/home", by=DRIVER_SECRET)).text
    assert (await site.page(path, {"iban": "", "accountHolder": ""}, DRIVER_SECRET)).status_code == 422
    assert (await site.page(path, {"iban": "DE1", "accountHolder": ""}, DRIVER_SECRET)).status_code == 422
    assert (await site.page(path, {"iban": IBAN, "accountHolder": "Ana"}, DRIVER_SECRET)).status_code == 303
    assert (await site.api("GET", ACCOUNT)).json()["iban"] == IBAN
    home, form = [(await site.page(each, by=DRIVER_SECRET)).text for each in ("/drive/home", path)]
    for page in (home, form):
        assert "DE •••• 3000" in page
        assert "0440" not in page
    (own,) = (await site.api("GET", "/driver/bank-accounts", key=DRIVER_SECRET)).json()["items"]
    assert (own["ibanMasked"], own["accountHolder"], own["company"]) == ("DE •••• 3000", "Ana", COMPANY)
    assert (await site.page(path, {"remove": "yes"}, DRIVER_SECRET)).status_code == 303
    assert (await site.api("GET", ACCOUNT)).json()["iban"] == ""
    for company in ("999", "x"):
        other = await site.api("PUT", f"/driver/bank-accounts/{company}", {"iban": IBAN}, DRIVER_SECRET)
        assert other.status_code == 404
