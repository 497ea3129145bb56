"""Where webhooks may go."""

import pytest

from eosvolt.adapters.http.presentation.notification_targets import addresses_problem, url_problem
from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.webhooks.public_internet import is_public
from eosvolt.adapters.webhooks.sender import WebhookSender
from eosvolt.application.notification_messages import NotificationMessage, Target, Undelivered
from eosvolt.domain.notification_rules.events import Channel
from tests.examples import after

MESSAGE = NotificationMessage("n1", "test", after(0), "Test", "Test", {})


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address that must be refused
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::8.8.8.8]",
        "[2002:7f00:1::]",
        "[2002:808:808::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[2a00:1450::5efe:7f00:1]",
        "[2a00:1450::200:5efe:7f00:1]",
        "[fec0::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[fd00:ec2::254]",
        "192.0.0.192",
        "192.0.0.8",
        "192.88.99.1",
        "168.63.129.16",
        "100.100.100.200",
        "198.18.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "224.0.0.1",
        "[ff02::1]",
        "127.1",
        "0177.0.0.1",
        "0x7f000001",
        "[fd00::1]",
        "[fe80::1]",
        "2130706433",
        "0x7f.1",
    ],
)
async def test_an_address_inside_is_refused_for_good(host: str) -> None:
    async with WebhookSender(SteppedClock(after(0))) as sender:
        with pytest.raises(Undelivered, match="public internet") as refusal:
            await sender.send(Target(url=f"http://{host}:9/hook", secret="whsec_AAAA"), MESSAGE)
    assert refusal.value.final


@pytest.mark.parametrize("url", ["", "ftp://x.example", "https://", "http://x.example:99999/", "//x.example"])
async def test_what_is_no_address_is_refused_for_good(url: str) -> None:
    async with WebhookSender(SteppedClock(after(0)), private=True) as sender:
        with pytest.raises(Undelivered, match="begins with https") as refusal:
            await sender.send(Target(url=url, secret="whsec_AAAA"), MESSAGE)
    assert refusal.value.final
    assert url_problem(Channel.WEBHOOK, url)


async def test_an_unreachable_host_is_tried_again() -> None:
    async with WebhookSender(SteppedClock(after(0)), private=True) as sender:
        with pytest.raises(Undelivered, match="cannot be reached") as refusal:
            await sender.send(Target(url="http://127.0.0.1:9/", secret="whsec_AAAA"), MESSAGE)
    assert not refusal.value.final


def test_an_address_to_post_to_names_a_host_without_a_user() -> None:
    assert url_problem(Channel.WEBHOOK, "https://hooks.example/in?team=7") == ""
    assert "user name" in url_problem(Channel.WEBHOOK, "https://user:pw@hooks.example/")
    assert url_problem(Channel.EMAIL, "https://hooks.example/")
    assert url_problem(Channel.EMAIL, "") == ""


def test_addresses_of_people_are_looked_at() -> None:
    assert addresses_problem(Channel.EMAIL, ["ops@cpo.example", "ö@cpo.example"]) == ""
    assert "needs an address" in addresses_problem(Channel.EMAIL, [])
    assert "at most" in addresses_problem(Channel.EMAIL, ["a@x.example"] * 21)
    assert addresses_problem(Channel.EMAIL, ["ops,night@cpo.example"]) == (
        "ops,night@cpo.example is not an e-mail address."
    )
    assert "Only rules by e-mail" in addresses_problem(Channel.WEBHOOK, ["a@x.example"])


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "192.0.1.1", "2a00:1450:4001:800::200e", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)
