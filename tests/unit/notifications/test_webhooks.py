"""Where webhooks may go."""

import pytest

from eosvolt.adapters.http.notification_targets import addresses_problem, url_problem
from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.webhooks.sender import WebhookSender
from eosvolt.application.notices import Notice, Target, Undelivered
from eosvolt.domain.notification_rules.events import Channel
from tests.examples import after

NOTICE = Notice("n1", "test", after(0), "Test", "Test", {})


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
        "[fd00::1]",
        "[fe80::1]",
        "2130706433",
        "0x7f.1",
    ],
)
async def test_an_address_inside_is_refused_for_good(host: str) -> None:
    async with WebhookSender(SteppedClock(after(0))) as sender:
        with pytest.raises(Undelivered, match="public internet") as refusal:
            await sender.send(Target(url=f"http://{host}:9/hook", secret="whsec_AAAA"), NOTICE)
    assert refusal.value.final


@pytest.mark.parametrize("url", ["", "ftp://x.example", "https://", "http://x.example:99999/", "//x.example"])
async def test_what_is_no_address_is_refused_for_good(url: str) -> None:
    async with WebhookSender(SteppedClock(after(0)), private=True) as sender:
        with pytest.raises(Undelivered, match="begins with https") as refusal:
            await sender.send(Target(url=url, secret="whsec_AAAA"), NOTICE)
    assert refusal.value.final
    assert url_problem(Channel.WEBHOOK, url)


async def test_nobody_there_is_no_reason_to_give_up() -> None:
    async with WebhookSender(SteppedClock(after(0)), private=True) as sender:
        with pytest.raises(Undelivered, match="cannot be reached") as refusal:
            await sender.send(Target(url="http://127.0.0.1:9/", secret="whsec_AAAA"), NOTICE)
    assert not refusal.value.final


def test_an_address_to_post_to_names_a_host_and_nobody() -> None:
    assert url_problem(Channel.WEBHOOK, "https://hooks.example/in?team=7") == ""
    assert "user name" in url_problem(Channel.WEBHOOK, "https://user:pw@hooks.example/")
    assert url_problem(Channel.EMAIL, "https://hooks.example/")
    assert url_problem(Channel.EMAIL, "") == ""


def test_addresses_of_people_are_looked_at() -> None:
    assert addresses_problem(Channel.EMAIL, ["ops@cpo.example", "ö@cpo.example"]) == ""
    assert "needs an address" in addresses_problem(Channel.EMAIL, [])
    assert "at most" in addresses_problem(Channel.EMAIL, ["a@x.example"] * 21)
    for wrong in ("ops", "@x", "a@", "a b@x.example", "a@x.example\r\nBcc: b@x", "a@x,b@y"):
        assert "is not an e-mail address" in addresses_problem(Channel.EMAIL, [wrong])
    assert "Only rules by e-mail" in addresses_problem(Channel.WEBHOOK, ["a@x.example"])
