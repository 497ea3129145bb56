"""A charger's own certificate over real sockets: asked for, signed, delivered, used, and renewed."""

import asyncio
from pathlib import Path

import httpx2
import orjson
import pytest
from websockets.exceptions import ConnectionClosed

from tests.e2e.ocpp.certificates import Keyring
from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.secure import PASSWORD, SecureSite, SecureSystem, status
from tests.e2e.ocpp.site import basic, until
from tests.e2e.running import OWNER_PASSWORD


@pytest.fixture
def site(secure_system: SecureSystem) -> SecureSite:
    return SecureSite(secure_system)


async def certified(cp: Charger, request: str, answer: str = "Accepted") -> str:
    """Ask for a certificate, take it (or not), and return it with those that vouch for it."""
    assert await cp.call("SignCertificate", csr=request) == {"status": "Accepted"}
    _, id_, action, payload = await cp.receive()
    assert action == "CertificateSigned"
    await cp.say(orjson.dumps([3, id_, {"status": answer}]).decode())
    chain: str = payload["certificateChain"]
    return chain


async def test_a_charger_gets_a_certificate_and_comes_back_with_it(site: SecureSite, tmp_path: Path) -> None:
    """TC_A_11: the certificate is signed, taken, and is what the charger proves itself with."""
    site.add_charger(password=PASSWORD)
    ring = Keyring(tmp_path)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=site.trusting()) as cp:
        chain = await certified(cp, ring.request(site.box()))
        await until(lambda: site.delivered() == [True])
    site.handled(securityProfile=3)
    own = ring.shown(chain, site.system.trusted())
    async with charger(site.mutual(), ssl=own) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
    view = site.api().get(f"/chargers/{site.box()}")
    assert len(view["certificate"]["fingerprint"]) == 64
    assert "offeredCertificate" not in view
    assert await status(site.secure(), PASSWORD, site, ssl=site.trusting()) == 403


@pytest.mark.parametrize("how", ["new password", "no password", "revoked", "revoked by the page"])
async def test_certificates_end_with_the_password_or_by_the_operator(
    site: SecureSite, tmp_path: Path, how: str
) -> None:
    site.add_charger(password=PASSWORD)
    ring = Keyring(tmp_path)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=site.trusting()) as cp:
        own = ring.shown(await certified(cp, ring.request(site.box())), site.system.trusted())
        await until(lambda: site.delivered() == [True])
    api, place = site.api().client, f"/chargers/{site.box()}"
    async with charger(site.mutual(), ssl=own) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
        if how == "revoked":
            api.delete(f"{place}/certificates").raise_for_status()
        elif how == "revoked by the page":
            base = site.system.base_url
            with httpx2.Client(base_url=base, headers={"Origin": base}) as browser:
                entry = {"email": "owner@242.example", "password": OWNER_PASSWORD}
                assert browser.post("/sign-in", data=entry).status_code == 303
                page = f"{place}/certificates/revoke"
                assert "1 certificate that was signed here" in browser.get(page).text
                assert browser.post(page).status_code == 303
                assert "has no valid certificate" in browser.get(page).text
        else:
            password = {"new password": "ab" * 20, "no password": None}[how]
            api.patch(place, json={"password": password}).raise_for_status()
        with pytest.raises(ConnectionClosed):
            await cp.receive()
    assert await status(site.mutual(), None, site, ssl=own) == 401
    view = site.api().get(place)
    assert "certificate" not in view
    (held,) = site.api().get(f"{place}/certificates")["certificates"]
    assert "revokedAt" in held


async def test_a_request_without_tls_is_refused(site: SecureSite, tmp_path: Path) -> None:
    """Whoever listens on the way could put a key of his own into the request."""
    site.add_charger(password=PASSWORD)
    async with charger(site.url(), basic(site.box(), PASSWORD)) as cp:
        request = Keyring(tmp_path).request(site.box())
        assert await cp.call("SignCertificate", csr=request) == {"status": "Rejected"}


async def test_the_next_certificate_makes_the_one_before_it_worthless(
    site: SecureSite, tmp_path: Path
) -> None:
    site.add_charger(password=PASSWORD)
    first, second = Keyring(tmp_path), Keyring(tmp_path)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=site.trusting()) as cp:
        old = first.shown(await certified(cp, first.request(site.box())), site.system.trusted())
        await until(lambda: len(site.delivered()) == 1)
    async with charger(site.mutual(), ssl=old) as cp:
        new = second.shown(await certified(cp, second.request(site.box())), site.system.trusted())
        await until(lambda: len(site.delivered()) == 2)
    assert await status(site.mutual(), None, site, ssl=old) == 401
    assert await status(site.mutual(), None, site, ssl=new) == 101


async def test_a_charger_that_refuses_its_certificate_keeps_the_one_it_has(
    site: SecureSite, tmp_path: Path
) -> None:
    """TC_A_14: the new certificate is not accepted."""
    site.add_charger(password=PASSWORD)
    first, second = Keyring(tmp_path), Keyring(tmp_path)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=site.trusting()) as cp:
        own = first.shown(await certified(cp, first.request(site.box())), site.system.trusted())
        await until(lambda: len(site.delivered()) == 1)
        chain = await certified(cp, second.request(site.box()), answer="Rejected")
        await until(lambda: site.delivered() == [True, False])
    refused = second.shown(chain, site.system.trusted())
    assert await status(site.mutual(), None, site, ssl=refused) == 401
    assert await status(site.mutual(), None, site, ssl=own) == 101


async def test_a_certificate_whose_answer_got_lost_is_known_by_its_use(
    site: SecureSite, tmp_path: Path
) -> None:
    site.add_charger(password=PASSWORD)
    ring = Keyring(tmp_path)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=site.trusting()) as cp:
        assert await cp.call("SignCertificate", csr=ring.request(site.box())) == {"status": "Accepted"}
        chain = (await cp.receive())[3]["certificateChain"]
    assert await status(site.mutual(), None, site, ssl=ring.shown(chain, site.system.trusted())) == 101
    await until(lambda: site.delivered() == [True])


async def test_a_request_for_another_name_is_rejected_and_shown_as_a_fault(
    site: SecureSite, tmp_path: Path
) -> None:
    site.add_charger(password=PASSWORD)
    async with charger(site.url(), basic(site.box(), PASSWORD)) as cp:
        for csr in (Keyring(tmp_path).request("somebody"), "certificate please"):
            assert await cp.call("SignCertificate", csr=csr) == {"status": "Rejected"}
        await until(
            lambda: (
                "CertificateRefused"
                in [fault["code"] for fault in site.api().get("/faults", charger=site.box())["items"]]
            )
        )


async def test_a_charger_is_asked_to_request_its_next_certificate(site: SecureSite, tmp_path: Path) -> None:
    """TC_A_11, on the operator's request: trigger, request, certificate, answer."""
    site.add_charger(password=PASSWORD)
    ring = Keyring(tmp_path)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=site.trusting()) as cp:
        await cp.call("Heartbeat")
        await until(site.online)
        body = {
            "type": "triggerMessage",
            "requestedMessage": "SignChargePointCertificate",
            "extended": True,
        }
        asked = asyncio.create_task(site.tell(body))
        _, id_, action, payload = await cp.receive()
        assert (action, payload) == (
            "ExtendedTriggerMessage",
            {"requestedMessage": "SignChargePointCertificate"},
        )
        await cp.say(f'[3,"{id_}",{{"status":"Accepted"}}]')
        assert (await asked)["state"] == "accepted"
        await certified(cp, ring.request(site.box()))
        await until(lambda: len(site.delivered()) == 1)
