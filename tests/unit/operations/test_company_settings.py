"""A company's settings by API and by page: partial changes, all mistakes at once, IBANs that stay secret."""

import re

import msgspec
import pytest

from eosvolt.application.account_mails import AccountMailKind
from eosvolt.application.bank_accounts import BankAccount
from eosvolt.application.permissions import EVERYTHING, Action, Grants, Permission, ProductArea, Right
from eosvolt.domain.companies.events import CompanyBankAccountChanged, CompanyBillingChanged
from tests.accounts_in_memory import OTHER_PERSON, PERSON
from tests.examples import COMPANY
from tests.factors_in_memory import CODE
from tests.ports_in_memory import PASSWORD
from tests.unit.operations.request_cases import SETTINGS_OF_THE_API, SETTINGS_OF_THE_FORM
from tests.unit.operations.test_lost_updates import form_of
from tests.web_in_memory import Site

IBAN, OTHER_IBAN = "DE89370400440532013000", "NL91ABNA0417164300"
NO_BANK_DETAILS = Grants(EVERYTHING - {Right.BANK_DETAILS})
ONLY_LOOKING = Grants(frozenset({Permission(Action.VIEW, ProductArea.SETTINGS)}))


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def with_settings(site: Site) -> Site:
    wanted = SETTINGS_OF_THE_API | {"language": "en"}
    assert (await site.api("PATCH", "/settings", wanted)).status_code == 200
    return site


async def test_the_api_gives_back_what_it_was_given(site: Site) -> None:
    await with_settings(site)
    answer = await site.api("GET", "/settings")
    billing = {**SETTINGS_OF_THE_API["billing"], "ibanMasked": "DE •••• 3000"}  # type: ignore[dict-item]  # a dictionary
    assert answer.json() == {**SETTINGS_OF_THE_API, "language": "en", "billing": billing, "logo": ""}
    assert answer.headers["etag"]


async def test_a_company_that_says_nothing_has_all_fields(site: Site) -> None:
    found = (await site.api("GET", "/settings")).json()
    assert found == {
        "name": "Harbour",
        "legalName": "",
        "billing": {
            "street": "",
            "postalCode": "",
            "city": "",
            "country": "",
            "vatId": "",
            "taxNumber": "",
            "ibanMasked": "",
            "bic": "",
        },
        "support": {"phone": "", "email": "", "hours": "", "restartInstructions": ""},
        "invoicePrefix": "",
        "language": "en",
        "currency": "",
        "vatRate": None,
        "fiscalTimeZone": "",
        "logo": "",
    }


async def test_a_patch_changes_what_it_names_and_null_removes(site: Site) -> None:
    await with_settings(site)
    position = len(site.store.facts)
    patch = {"billing": {"city": "Bremen", "taxNumber": None}}
    found = (await site.api("PATCH", "/settings", patch)).json()
    assert (found["billing"]["city"], found["billing"]["taxNumber"]) == ("Bremen", "")
    assert found["billing"]["street"] == "Quay 1"
    assert [type(fact.event) for fact in site.since(position)] == [CompanyBillingChanged]


async def test_all_mistakes_are_said_at_once_and_nothing_is_stored(site: Site) -> None:
    position = len(site.store.facts)
    wrong = {
        "billing": {"country": "XX", "vatId": "DE1", "iban": "DE00", "bic": "?"},
        "support": {"phone": "call", "email": "nobody"},
        "currency": "XXX",
        "fiscalTimeZone": "Mars",
        "invoicePrefix": "?",
    }
    answer = await site.api("PATCH", "/settings", wrong)
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/billing/country",
        "/billing/vatId",
        "/billing/iban",
        "/billing/bic",
        "/support/phone",
        "/support/email",
        "/currency",
        "/fiscalTimeZone",
        "/invoicePrefix",
    }
    assert site.since(position) == []
    assert site.bank_accounts.stored == {}


async def test_unknown_fields_are_refused(site: Site) -> None:
    answer = await site.api("PATCH", "/settings", {"billing": {"account": "1"}})
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/billing/account"]


async def test_a_stale_etag_changes_nothing(site: Site) -> None:
    tag = (await site.api("GET", "/settings")).headers["etag"]
    first = await site.api("PATCH", "/settings", {"name": "Pier"}, if_match=tag)
    assert first.status_code == 200
    assert first.headers["etag"] != tag
    assert (await site.api("PATCH", "/settings", {"name": "Quay"}, if_match=tag)).status_code == 412


async def test_the_history_never_has_the_whole_iban(site: Site) -> None:
    await with_settings(site)
    written = msgspec.json.encode([fact.event for fact in site.store.facts]).decode()
    assert IBAN not in written
    assert IBAN[4:-4] not in written
    assert "DE •••• 3000" in written
    assert site.bank_accounts.stored == {COMPANY: BankAccount(IBAN, "COBADEFFXXX")}


async def test_a_bank_account_needs_the_right_to_change_it(site: Site) -> None:
    site.gate.grants = NO_BANK_DETAILS
    position = len(site.store.facts)
    refused = await site.api("PATCH", "/settings", {"billing": {"iban": IBAN}})
    assert refused.status_code == 403
    assert (await site.page("/settings/company", {"iban": IBAN})).status_code == 403
    assert site.since(position) == []
    assert site.bank_accounts.stored == {}
    assert (await site.api("PATCH", "/settings", {"billing": {"city": "Bremen"}})).status_code == 200


async def test_without_the_right_an_iban_is_seen_in_part_and_stays(site: Site) -> None:
    await with_settings(site)
    site.gate.grants = NO_BANK_DETAILS
    site.gate.forget_keys()
    billing = (await site.api("GET", "/settings")).json()["billing"]
    assert "iban" not in billing
    assert billing["ibanMasked"] == "DE •••• 3000"
    page = (await site.page("/settings")).text
    assert "DE •••• 3000" in page
    assert "DE89" not in page
    assert 'name="iban"' not in page
    assert (await site.page("/settings/company", {"name": "Quay"})).status_code == 303
    assert site.bank_accounts.stored[COMPANY].iban == IBAN
    assert not any(isinstance(fact.event, CompanyBankAccountChanged) for fact in site.store.facts[-1:])


async def test_a_removed_account_is_gone(site: Site) -> None:
    await with_settings(site)
    patch = {"billing": {"iban": None, "bic": None}}
    assert (await site.api("PATCH", "/settings", patch)).status_code == 200
    assert site.bank_accounts.stored == {}


async def test_the_page_shows_all_mistakes_at_their_fields_and_keeps_what_was_typed(site: Site) -> None:
    typed = SETTINGS_OF_THE_FORM | {"vatId": "DE1", "iban": "DE00", "vatRate": "a lot", "street": "Pier 9"}
    answer = await site.page("/settings/company", typed)
    assert answer.status_code == 422
    for name in ("vatId", "iban", "vatRate"):
        assert re.search(rf'id="field-{name}" name="{name}"[^>]*aria-invalid="true"', answer.text)
        assert f'href="#field-{name}"' in answer.text
    assert 'value="Pier 9"' in answer.text
    assert 'value="a lot"' in answer.text


async def test_the_form_shows_what_is_set(site: Site) -> None:
    await with_settings(site)
    shown = form_of((await site.page("/settings")).text)
    assert shown["iban"] == ["DE89 3704 0044 0532 0130 00"]
    assert shown["vatRate"] == ["19"]
    assert (shown["language"], shown["country"], shown["currency"]) == (["en"], ["DE"], ["EUR"])
    position = len(site.store.facts)
    assert (
        await site.page("/settings/company", {name: each[0] for name, each in shown.items()})
    ).status_code == 303
    assert site.since(position) == []


async def test_whoever_only_looks_reads_the_settings_without_a_form(site: Site) -> None:
    await with_settings(site)
    site.gate.grants = ONLY_LOOKING
    page = (await site.page("/settings")).text
    assert 'action="/settings/company"' not in page
    assert ">Save</button>" not in page
    for known in ("Germany", "•••• 3000", "Europe/Berlin"):
        assert known in page, known


async def test_a_bank_account_that_two_change_is_merged_without_being_shown_whole(site: Site) -> None:
    await with_settings(site)
    shown = {name: each[0] for name, each in form_of((await site.page("/settings")).text).items()}
    others = shown | {"iban": OTHER_IBAN, "bic": "ABNANL2A", "password": PASSWORD}
    assert (await site.page("/settings/company", others, by=OTHER_PERSON)).status_code == 303
    # Whoever left the account alone gets theirs.
    answer = await site.page("/settings/company", shown | {"city": "Bremen"})
    assert answer.status_code == 409
    assert "DE •••• 3000 → NL •••• 4300</li>" in answer.text
    merged = form_of(answer.text)
    assert (merged["iban"], merged["city"]) == (["NL91 ABNA 0417 1643 00"], ["Bremen"])
    # Whoever typed another one keeps it.
    mine = "GB82 WEST 1234 5698 7654 32"
    again = await site.page("/settings/company", shown | {"iban": mine})
    assert "(your entry stays)" in again.text
    assert form_of(again.text)["iban"] == [mine]


async def test_the_history_page_says_who_changed_what(site: Site) -> None:
    await with_settings(site)
    await site.page("/settings/company", {"city": "Bremen", "name": "Quay"}, by=OTHER_PERSON)
    page = (await site.page("/settings/history")).text
    assert "City: Hamburg → Bremen" in page
    assert "Name shown to users: Pier → Quay" in page
    assert "IBAN: – → DE •••• 3000" in page
    assert "Ben" in page
    assert IBAN not in page


async def test_another_bank_account_is_confirmed_by_the_password_and_told_to_the_owner(site: Site) -> None:
    await with_settings(site)
    before = len(site.account_mails.waiting)
    for password in ({}, {"password": "a wrong password"}):
        answer = await site.page("/settings/company", {"iban": OTHER_IBAN} | password)
        assert answer.status_code == 422
        assert "This is not your present password." in answer.text
    assert site.bank_accounts.stored[COMPANY].iban == IBAN
    answer = await site.page("/settings/company", {"iban": OTHER_IBAN, "bic": "", "password": PASSWORD})
    assert answer.status_code == 303
    assert site.bank_accounts.stored[COMPANY].iban == OTHER_IBAN
    mails = site.account_mails.waiting[before:]
    assert [(each.kind, each.values["iban"]) for each in mails] == [
        (AccountMailKind.BANK_ACCOUNT_CHANGED, "NL •••• 4300")
    ]


async def test_a_second_factor_is_asked_for_beside_the_password(site: Site) -> None:
    await with_settings(site)
    site.second_factors.apps.add(PERSON)
    typed = {"iban": OTHER_IBAN, "bic": "", "password": PASSWORD}
    assert 'name="code"' in (await site.page("/settings")).text
    refused = await site.page("/settings/company", typed | {"code": "000000"})
    assert refused.status_code == 422
    assert "This code is not right." in refused.text
    assert (await site.page("/settings/company", typed | {"code": CODE})).status_code == 303


async def test_the_present_settings_are_saved_without_a_password(site: Site) -> None:
    await with_settings(site)
    assert (await site.page("/settings/company", {"city": "Bremen"})).status_code == 303
    assert (await site.page("/settings/company", {"iban": "de89370400440532013000"})).status_code == 303
