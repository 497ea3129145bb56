"""Customers over the API: people with tokens and sessions, found, exported and erased for good."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.api.charger import charge_now, eventually
from tests.e2e.running import Api, RunningSystem

TARIFF: dict[str, Any] = {"strategy": "perKwh", "price": "0.50"}
BILLING = {"street": "Kai 1", "postalCode": "20457", "city": "Hamburg", "country": "DE"}


@pytest.fixture
def api(system: RunningSystem) -> Api:
    return system.api()


def customer(api: Api, name: str, **more: Any) -> dict[str, Any]:
    added: dict[str, Any] = api.post("/customers", {"name": name, **more})
    return added


def test_a_customer_is_added_found_and_changed(api: Api) -> None:
    added = customer(api, " Ana  Blum ", email="Ana@Blum.example", billing=BILLING, tokens=["cust-1"])
    one = f"/customers/{added['id']}"
    assert (added["name"], added["tokens"]) == ("Ana Blum", ["CUST-1"])
    assert api.get("/tokens/CUST-1")["customerId"] == added["id"]
    for search in ("a blum", "ana@blum", "cust-1"):
        assert [each["id"] for each in api.get("/customers", search=search)["items"]] == [added["id"]]
    tag = api.client.get(one).headers["etag"]
    patch = {"phone": "+49 40 1234567", "billing": {"vatId": "DE136695976"}, "tokens": [], "language": "de"}
    changed = api.client.patch(one, json=patch, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    told = changed.json()
    assert (told["phone"], told["language"], told["tokens"]) == ("+49 40 1234567", "de", [])
    assert told["billing"] == {"legalName": "", "taxNumber": "", "vatId": "DE136695976", **BILLING}
    assert "customerId" not in api.get("/tokens/CUST-1")
    assert api.client.patch(one, json={"name": "Eve"}, headers={"If-Match": tag}).status_code == 412


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"email": "ana"}, "/email"),
        ({"phone": "call me"}, "/phone"),
        ({"billing": {"country": "XX"}}, "/billing/country"),
        ({"billing": {"country": "DE", "vatId": "DE1"}}, "/billing/vatId"),
        ({"tokens": [""]}, "/tokens/0"),
    ],
)
def test_what_is_wrong_is_named(api: Api, wrong: dict[str, Any], pointer: str) -> None:
    answer = api.client.post("/customers", json={"name": "Ana", **wrong})
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_an_address_belongs_to_one_customer_of_a_company(api: Api, system: RunningSystem) -> None:
    customer(api, "First", email="once@cust.example")
    again = api.client.post("/customers", json={"name": "Second", "email": "ONCE@cust.example"})
    assert again.status_code == 409
    assert "e-mail" in again.json()["detail"]
    elsewhere = system.api(78)
    assert customer(elsewhere, "Third", email="once@cust.example")["email"] == "once@cust.example"


def test_customers_are_paged_in_each_order(api: Api) -> None:
    names = ["Paged Cem", "paged ada", "Paged Bea"]
    for name in names:
        customer(api, name, email=f"{name[-3:]}@paged.example".lower())
    for sort in ("name", "-name", "email", "-addedAt"):
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = api.get("/customers", search="paged", sort=sort, limit=2, **cursor)
            found += [each["name"] for each in page["items"]]
            if "cursor" not in page:
                break
            cursor = {"cursor": page["cursor"]}
        ordered = sorted(names, key=str.lower)
        assert (
            found
            == {"name": ordered, "-name": ordered[::-1], "email": ordered, "-addedAt": names[::-1]}[sort]
        )


def test_of_many_who_want_a_token_at_a_time_one_gets_it(api: Api) -> None:
    ids = [customer(api, f"Racer {n}")["id"] for n in range(8)]

    def take(one: str) -> int:
        return api.client.patch(f"/customers/{one}", json={"tokens": ["RACE-1"]}).status_code

    with ThreadPoolExecutor(8) as together:
        answers = list(together.map(take, ids))
    assert sorted(answers) == [200] + [409] * 7
    winner = ids[answers.index(200)]
    assert api.get("/tokens/RACE-1")["customerId"] == winner
    assert [one for one in ids if api.get(f"/customers/{one}")["tokens"]] == [winner]


def test_nobody_of_another_company_sees_or_touches_a_customer(api: Api, system: RunningSystem) -> None:
    one = f"/customers/{customer(api, 'Secret', email='secret@cust.example', tokens=['MINE-1'])['id']}"
    other = system.api(78).client
    assert other.get(one).status_code == 404
    assert other.get(f"{one}/export").status_code == 404
    assert other.patch(one, json={"name": "Mine"}).status_code == 404
    assert other.delete(one).status_code == 404
    assert other.get("/customers", params={"search": "secret"}).json()["items"] == []
    # Their own token of that number is another one.
    assert customer(system.api(78), "Theirs", tokens=["MINE-1"])["tokens"] == ["MINE-1"]


def test_an_erased_customer_is_nowhere_and_history_and_sums_stay(own_system: RunningSystem) -> None:
    own_system.start()
    api = own_system.api()
    location = api.location(TARIFF)
    api.charger(location, "CUST-BOX")
    marks = ("Zerberus", "zerberus@cust.example", "+49 40 99887766", "Hades 7")
    details = {"name": marks[0], "email": marks[1], "phone": marks[2], "billing": {"street": marks[3]}}
    headers = {"Idempotency-Key": "zerberus"}
    body = {**details, "notes": "Zerberus has three heads", "tokens": ["HADES-1"]}
    added = api.client.post("/customers", json=body, headers=headers)
    assert added.status_code == 201, added.text
    one = added.json()["id"]
    session = charge_now(own_system, "CUST-BOX", "HADES-1")
    eventually(lambda: api.get("/sessions", customer=one, status="completed")["items"])
    assert [each["id"] for each in api.get("/sessions", search=marks[1])["items"]] == [session]
    view = {"name": "Three heads", "query": "search=zerberus%40cust.example", "shared": True}
    api.post("/session-views", view)
    export = api.get(f"/customers/{one}/export")
    assert export["customer"]["name"] == marks[0]
    assert [each["uid"] for each in export["tokens"]] == ["HADES-1"]
    assert [each["id"] for each in export["sessions"]] == [session]
    # The last that happens by itself.
    eventually(lambda: api.get(f"/sessions/{session}").get("receiptNumber"))
    before, sums = own_system.verify(), api.get(f"/sessions/{session}")
    assert before["same"]
    assert sums["customerId"] == one

    assert api.client.delete(f"/customers/{one}").status_code == 204

    assert api.client.get(f"/customers/{one}").status_code == 404
    assert api.client.delete(f"/customers/{one}").status_code == 404
    assert api.get("/customers")["items"] == []
    assert api.get("/tokens/HADES-1")["status"] == "blocked"
    assert api.get("/sessions", search=marks[1])["items"] == []
    assert api.get(f"/sessions/{session}") == sums
    assert [each["id"] for each in api.get("/sessions", customer=one)["items"]] == [session]
    after = own_system.verify()
    assert after["same"]
    assert_nowhere(own_system, marks)


def assert_nowhere(system: RunningSystem, marks: tuple[str, ...]) -> None:
    """No table and no log holds any of these texts."""
    tables = system.sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        for (row,) in system.sql(f"SELECT to_jsonb(t)::text FROM {table} t"):
            for mark in marks:
                found = mark.lower() in row.lower() or mark.encode().hex() in row
                assert not found, (table, row)
    written = (system.folder / "serve.log").read_text(errors="replace").lower()
    assert [mark for mark in marks if mark.lower() in written] == []


def test_a_group_has_a_price_and_opens_a_private_location(api: Api, system: RunningSystem) -> None:
    location = api.location(TARIFF, name="Private yard", type="private")
    api.charger(location, "GROUP-BOX")
    price = {"locationId": location, "percentOff": "20"}
    group = api.post("/customer-groups", {"name": "Yard", "prices": [price]})
    assert group["prices"] == [price]
    added = customer(api, "Member", tokens=["GROUP-1"], groups=[group["id"]])
    assert [each["id"] for each in api.get("/customers", group=group["id"])["items"]] == [added["id"]]
    access = {"authorizedCustomerGroups": [group["id"]]}
    assert api.client.put(f"/locations/{location}/access", json=access).status_code == 200
    session = charge_now(system, "GROUP-BOX", "GROUP-1")
    found = eventually(lambda: api.get("/sessions", customer=added["id"], status="completed")["items"])
    assert [(each["id"], each["customerGroupId"]) for each in found] == [(session, group["id"])]
    assert api.get(f"/sessions/{session}")["tariff"]["price"] == "0.4"
    assert found[0].get("flags", []) == []
    other = system.api(78).client
    assert other.get(f"/customer-groups/{group['id']}").status_code == 404
    assert other.post("/customers", json={"name": "Eve", "groups": [group["id"]]}).status_code == 422
    assert api.client.delete(f"/customer-groups/{group['id']}").status_code == 204
    assert api.get(f"/sessions/{session}")["customerGroupId"] == group["id"]
    unknown = {"authorizedCustomerGroups": ["nobody"]}
    assert api.client.put(f"/locations/{location}/access", json=unknown).status_code == 422


def test_all_tokens_of_a_listed_customer_charge_at_a_private_location(
    api: Api, system: RunningSystem
) -> None:
    location = api.location(TARIFF, name="Ana's yard", type="private")
    api.charger(location, "ANA-BOX")
    added = customer(api, "Ana", tokens=["ANA-1", "ANA-2"])
    answer = api.client.put(f"/locations/{location}/access", json={"authorizedCustomers": [added["id"]]})
    assert answer.status_code == 200
    assert api.get(f"/locations/{location}")["authorizedCustomers"] == [added["id"]]
    session = charge_now(system, "ANA-BOX", "ANA-2")
    found = eventually(lambda: api.get("/sessions", customer=added["id"], status="completed")["items"])
    assert [(each["id"], each.get("flags", [])) for each in found] == [(session, [])]
    other = system.api(78).client
    hers = other.post("/locations", json={"name": "Yard", "timeZone": "UTC", "currency": "EUR",
        "vatRate": "0.19", "tariff": TARIFF, "authorizedCustomers": [added["id"]]})  # fmt: skip
    assert hers.status_code == 422
    assert "There is no such customer." in hers.text
    assert api.client.delete(f"/customers/{added['id']}").status_code == 204
    renamed = api.client.patch(f"/locations/{location}", json={"name": "Her yard"})
    assert renamed.json()["authorizedCustomers"] == [added["id"]]
