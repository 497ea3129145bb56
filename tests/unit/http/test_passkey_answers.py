"""Which answers of passkeys are accepted: those of the own device, from the own page, once."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from eosvolt.adapters.http.presentation.passkeys import Ceremonies, origin, relying_party
from eosvolt.application.access import Account
from eosvolt.application.permissions import OWNER
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY
from tests.factors_in_memory import MemoryPasskeys
from tests.passkey_device import HONEST, PRESENT, PasskeyDevice, Told

OLGA = Account(
    account="olga", company=COMPANY, email="olga@cpo.example", name="Olga", owner=True, grants=OWNER
)
BEN = replace(OLGA, account="ben", email="ben@cpo.example")
BROWSER, OTHER_BROWSER = "browser", "other browser"


class Server:
    """A server with the passkey of Olga's device."""

    def __init__(self) -> None:
        self.passkeys = MemoryPasskeys()
        self.ceremonies = Ceremonies(self.passkeys, "https://cpo.example")
        self.device = PasskeyDevice()

    async def register(self, told: Told = HONEST, *, account: Account = OLGA, browser: str = BROWSER) -> None:
        options = await self.ceremonies.registration(OLGA, BROWSER)
        answer = self.device.registered(options, told)
        made = await self.ceremonies.registered(account, "Laptop", answer, browser)
        await self.passkeys.add(account.account, made)

    async def sign_in(self, told: Told = HONEST, *, step: str | None = None) -> str:
        options = await self.ceremonies.authentication(step, BROWSER)
        return await self.ceremonies.authenticated(step, self.device.answered(options, told), BROWSER)


@pytest.fixture
async def server() -> Server:
    made = Server()
    await made.register()
    return made


async def test_a_passkey_signs_its_owner_in_alone_and_after_the_password(server: Server) -> None:
    assert await server.sign_in() == "olga"
    assert await server.sign_in(step="olga") == "olga"
    assert await server.sign_in(Told(handle=""), step="olga") == "olga"


LIES = {
    "another page": Told(origin="https://cpo.example.evil.example"),
    "without https": Told(origin="http://cpo.example"),
    "another port": Told(origin="https://cpo.example:8443"),
    "another relying party": Told(party="evil.example"),
    "a person who was not verified": Told(flags=PRESENT),
    "nobody there": Told(flags=0x04),
    "another ceremony": Told(kind="payment.get"),
}


@pytest.mark.parametrize("told", LIES.values(), ids=LIES)
async def test_an_answer_from_elsewhere_or_of_nobody_is_refused(server: Server, told: Told) -> None:
    for refused in (server.sign_in(told), server.sign_in(told, step="olga")):
        with pytest.raises(Rejected, match="not right"):
            await refused
    other = Server()
    with pytest.raises(Rejected, match="not right"):
        await other.register(told)
    assert not other.passkeys.kept


@pytest.mark.parametrize("told", [Told(handle=""), Told(handle="ben")])
async def test_a_passkey_alone_says_whose_it_is(server: Server, told: Told) -> None:
    with pytest.raises(Rejected, match="not right"):
        await server.sign_in(told)


async def test_an_answer_is_accepted_once_and_in_the_browser_that_was_asked(server: Server) -> None:
    options = await server.ceremonies.authentication(None, BROWSER)
    answer = server.device.answered(options)
    for browser in (OTHER_BROWSER, ""):
        with pytest.raises(Rejected, match="not right"):
            await server.ceremonies.authenticated(None, answer, browser)
    assert await server.ceremonies.authenticated(None, answer, BROWSER) == "olga"
    with pytest.raises(Rejected, match="not right"):
        await server.ceremonies.authenticated(None, answer, BROWSER)


async def test_the_passkey_of_somebody_else_does_not_pass_a_second_step(server: Server) -> None:
    with pytest.raises(Rejected, match="not right"):
        await server.sign_in(step="ben")
    for asked, answered in ((None, "olga"), ("olga", None)):
        answer = server.device.answered(await server.ceremonies.authentication(asked, BROWSER))
        with pytest.raises(Rejected, match="not right"):
            await server.ceremonies.authenticated(answered, answer, BROWSER)


async def test_a_passkey_is_added_to_the_account_and_in_the_browser_that_asked_for_it() -> None:
    server = Server()
    for refused in (server.register(account=BEN), server.register(browser=OTHER_BROWSER)):
        with pytest.raises(Rejected, match="not right"):
            await refused
    assert not server.passkeys.kept


async def test_a_copy_whose_count_does_not_rise_is_refused(server: Server) -> None:
    assert await server.sign_in(Told(uses=7)) == "olga"
    for count in (7, 6, 0):
        with pytest.raises(Rejected, match="not right"):
            await server.sign_in(Told(uses=count))
    assert await server.sign_in(Told(uses=8)) == "olga"


async def test_another_key_under_the_same_id_is_refused(server: Server) -> None:
    known, server.device = server.device, PasskeyDevice()
    server.device.handle = known.handle
    with pytest.raises(Rejected, match="not right"):
        await server.sign_in()


async def test_the_options_say_nothing_of_accounts_to_whoever_has_no_password(server: Server) -> None:
    asked = json.loads(await server.ceremonies.authentication(None, BROWSER))
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    registration = json.loads(await server.ceremonies.registration(OLGA, BROWSER))
    assert OLGA.email.encode() not in urlsafe_b64encode(registration["user"]["id"].encode())
    assert registration["authenticatorSelection"]["residentKey"] == "required"


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=80).map(lambda content: urlsafe_b64encode(content).decode()),
    st.integers(),
    st.none(),
    st.lists(st.none(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.none(), max_size=2),
    st.just("[" * 19_000),
)


IN_ANSWERS = ["id", "rawId", "type", "response", "authenticatorAttachment"]
IN_RESPONSES = [
    "clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "transports"
]  # fmt: skip


@given(st.sampled_from(IN_ANSWERS), HOSTILE)
async def test_forged_fields_are_refused_like_every_wrong_answer(field: str, value: object) -> None:
    await not_accepted(lambda answer: answer | {field: value})


@given(st.sampled_from(IN_RESPONSES), HOSTILE)
async def test_forged_responses_are_refused_like_every_wrong_answer(field: str, value: object) -> None:
    await not_accepted(lambda answer: answer | {"response": answer["response"] | {field: value}})


async def not_accepted(forged: Callable[[dict[str, Any]], object]) -> None:
    """A forged answer is refused; if it is the honest one still, it is accepted."""
    server = Server()
    asked = await server.ceremonies.registration(OLGA, BROWSER)
    with suppress(Rejected):
        answer = json.dumps(forged(json.loads(server.device.registered(asked))))
        await server.ceremonies.registered(OLGA, "Laptop", answer, BROWSER)
    await server.register()
    asked = await server.ceremonies.authentication(None, BROWSER)
    with suppress(Rejected):
        answer = json.dumps(forged(json.loads(server.device.answered(asked))))
        assert await server.ceremonies.authenticated(None, answer, BROWSER) == "olga"


@given(st.text(max_size=60) | st.sampled_from(["[" * 19_000, '{"id":' * 3_000, "null", "[]", "{}"]))
async def test_what_is_no_answer_at_all_is_refused(answer: str) -> None:
    server = Server()
    with pytest.raises(Rejected, match="not right"):
        await server.ceremonies.authenticated(None, answer, BROWSER)
    with pytest.raises(Rejected, match="not right"):
        await server.ceremonies.registered(OLGA, "Laptop", answer, BROWSER)


@pytest.mark.parametrize(
    ("public_url", "party", "page"),
    [
        ("https://cpo.example:8443/eosvolt", "cpo.example", "https://cpo.example:8443"),
        ("https://CPO.example:443", "cpo.example", "https://cpo.example"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("http://cpo.example", "", "http://cpo.example"),
        ("http://127.0.0.1:8000", "", "http://127.0.0.1:8000"),
        ("https://[2001:db8::1]", "", "https://[2001:db8::1]"),
    ],
)
def test_browsers_keep_passkeys_for_names_with_https_alone(public_url: str, party: str, page: str) -> None:
    assert relying_party(public_url) == party
    assert origin(public_url) == page
