"""A charger gets a new password that nobody ever sees, whether or not its answer arrives."""

import asyncio
from typing import Any

import orjson
import pytest
from websockets.exceptions import InvalidStatus

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.site import Site, basic, until
from tests.e2e.ocpp.test_handshake import refusal

OLD = b"\x00the old key of 20 b"
ROTATE = {"type": "rotatePassword"}


async def handed(cp: Charger) -> tuple[str, str]:
    """The message id and the new key, as the charger is told it."""
    kind, id_, action, payload = await cp.receive()
    assert (kind, action, payload["key"]) == (2, "ChangeConfiguration", "AuthorizationKey")
    assert len(bytes.fromhex(payload["value"])) == 20
    return id_, payload["value"]


async def rotated(site: Site, answer: str | None, password: bytes | None = OLD) -> tuple[str, dict[str, Any]]:
    """The new key and the command's outcome; without an ``answer`` the charger hangs up instead."""
    headers = None if password is None else basic(site.box(), password)
    async with charger(site.url(), headers) as cp:
        await cp.call("Heartbeat")
        await until(site.online)
        asked = asyncio.create_task(site.tell(ROTATE))
        id_, key = await handed(cp)
        if answer is not None:
            await cp.say(orjson.dumps([3, id_, {"status": answer}]).decode())
            return key, await asked
    return key, await asked


async def opens(site: Site, password: bytes) -> bool:
    """Whether the charger gets in with a password; the only other answer is 401."""
    try:
        async with charger(site.url(), basic(site.box(), password)) as cp:
            return "currentTime" in await cp.call("Heartbeat")
    except InvalidStatus as refused:
        if refused.response.status_code != 401:
            raise
        return False


async def test_after_acceptance_the_old_key_is_refused_and_the_new_one_opens_as_bytes_and_hex(
    site: Site,
) -> None:
    """TC_A_09: the password is changed."""
    site.add_charger(password=OLD)
    key, command = await rotated(site, "Accepted")
    assert command["state"] == "accepted"
    assert not await opens(site, OLD)
    for form in (bytes.fromhex(key), key.encode(), key.upper().encode()):
        assert await opens(site, form)


@pytest.mark.parametrize("answer", ["Rejected", "NotSupported"])
async def test_after_refusal_the_old_key_stays_the_only_one(site: Site, answer: str) -> None:
    """TC_A_10: the charger does not take it."""
    site.add_charger(password=OLD)
    key, command = await rotated(site, answer)
    assert command["state"] == "rejected"
    assert not await opens(site, bytes.fromhex(key))
    assert await opens(site, OLD)


async def test_a_charger_whose_answer_got_lost_comes_back_with_either_key(site: Site) -> None:
    site.add_charger(password=OLD)
    key, command = await rotated(site, None)
    assert command["state"] == "failed"
    assert await opens(site, OLD), "it may not have taken it"
    assert await opens(site, bytes.fromhex(key)), "it may have taken it"
    assert not await opens(site, OLD), "it has taken it"
    assert await opens(site, bytes.fromhex(key))
    await until(lambda: "confirmed" in [e["outcome"] for e in site.events("password-rotated")])


async def test_a_charger_that_has_to_restart_first_comes_back_with_either_key(site: Site) -> None:
    site.add_charger(password=OLD)
    key, _ = await rotated(site, "RebootRequired")
    assert await opens(site, OLD)
    assert await opens(site, key.encode())
    assert not await opens(site, OLD)


async def test_a_charger_without_a_password_gets_its_first(site: Site) -> None:
    site.add_charger()
    key, command = await rotated(site, "Accepted", password=None)
    assert command["state"] == "accepted"
    assert (await refusal(site.url())).status_code == 401
    assert await opens(site, bytes.fromhex(key))
    assert site.api().get(f"/chargers/{site.box()}")["hasPassword"] is True


async def test_the_new_key_is_in_no_event_no_frame_no_answer_and_no_log(site: Site) -> None:
    site.add_charger(password=OLD)
    key, command = await rotated(site, "Accepted")
    assert await opens(site, bytes.fromhex(key))
    assert await opens(site, key.encode())
    await until(lambda: any(f.action == "ChangeConfiguration" for f in site.frames()))
    (sent,) = [f.text for f in site.frames() if (f.action, f.direction) == ("ChangeConfiguration", "out")]
    assert "AuthorizationKey" in sent
    hidden = [form.casefold() for form in (key, bytes.fromhex(key).hex(), key.encode().hex())]
    kept = [state for (state,) in site.system.sql("SELECT encode(state, 'escape') FROM stored_events")]
    kept += [frame.text for frame in site.frames()]
    kept += [(site.system.folder / "serve.log").read_text(errors="replace"), orjson.dumps(command).decode()]
    kept += [row for (row,) in site.system.sql("SELECT c::text FROM charger_passwords c")]
    assert not [text for text in kept if any(form in text.casefold() for form in hidden)]


async def test_a_password_never_goes_into_the_history_by_a_plain_change_of_configuration(site: Site) -> None:
    site.add_charger(password=OLD)
    body = {"type": "changeConfiguration", "key": "AuthorizationKey", "value": "00" * 20}
    answer = site.api().client.post(f"/chargers/{site.box()}/commands", json=body)
    assert answer.status_code == 409, answer.text
