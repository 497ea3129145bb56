"""Security profiles 1 to 3 over real sockets: TLS with each kind of certificate, and the charger's own."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from eosvolt.adapters.certificates.authority import now
from eosvolt.adapters.certificates.keeping import authority
from tests.e2e.ocpp.certificates import Keyring, OtherAuthority
from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.secure import MANUFACTURER, PASSWORD, REFUSED, SecureSite, SecureSystem, status
from tests.e2e.ocpp.site import basic, until
from tests.e2e.ocpp.test_handshake import refusal


@pytest.fixture
def site(secure_system: SecureSystem) -> SecureSite:
    return SecureSite(secure_system)


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path)


@pytest.mark.parametrize(
    ("kind", "cipher"),
    [
        ("ecdsa", "ECDHE-ECDSA-AES128-GCM-SHA256"),
        ("ecdsa", "ECDHE-ECDSA-AES256-GCM-SHA384"),
        ("rsa", "ECDHE-RSA-AES128-GCM-SHA256"),
        ("rsa", "ECDHE-RSA-AES256-GCM-SHA384"),
    ],
)
async def test_each_cipher_of_the_whitepaper_finds_its_certificate(
    site: SecureSite, kind: str, cipher: str
) -> None:
    site.add_charger(password=PASSWORD)
    context = site.trusting(kind)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(cipher)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=context) as cp:
        line = cp.socket.transport.get_extra_info("ssl_object")
        assert line.cipher()[0] == cipher
        assert line.compression() is None
        assert "currentTime" in await cp.call("Heartbeat")


async def test_a_charger_that_speaks_tls_1_3_is_secure_and_authenticated(site: SecureSite) -> None:
    site.add_charger(password=PASSWORD)
    async with charger(site.secure(), basic(site.box(), PASSWORD), ssl=site.trusting()) as cp:
        assert cp.socket.transport.get_extra_info("ssl_object").version() == "TLSv1.3"
        await until(lambda: bool(site.events("charge-point-connected")))
    (connected,) = site.events("charge-point-connected")
    assert (connected["secure"], connected["authenticated"]) == (True, True)


async def test_tls_1_1_and_ciphers_without_forward_secrecy_are_refused(site: SecureSite) -> None:
    """TC_A_06 and the like: the connection ends in a TLS alert, before any HTTP."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    weak = site.trusting("rsa")
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("AES128-GCM-SHA256")
    for context in (old, weak):
        with pytest.raises(REFUSED):
            async with charger(site.secure(), ssl=context):
                pass


async def test_over_tls_a_charger_needs_its_password(site: SecureSite) -> None:
    site.add_charger("OPEN")
    assert (await refusal(site.secure("OPEN"), ssl=site.trusting())).status_code == 401
    site.add_charger(password=PASSWORD)
    assert await status(site.secure(), None, site, ssl=site.trusting()) == 401
    assert await status(site.secure(), b"wrong", site, ssl=site.trusting()) == 401


async def test_a_charger_with_profile_2_is_refused_where_there_is_no_tls(site: SecureSite) -> None:
    """TC_A_19: after the upgrade the old profile opens nothing any more."""
    site.add_charger(password=PASSWORD)
    assert await status(site.url(), PASSWORD, site) == 101
    site.handled(securityProfile=2)
    assert await status(site.url(), PASSWORD, site) == 403
    assert await status(site.url(), b"wrong", site) == 401, "only the charger learns what it is missing"
    assert await status(site.secure(), PASSWORD, site, ssl=site.trusting()) == 101
    site.handled(securityProfile=1)
    assert await status(site.url(), PASSWORD, site) == 101


async def test_a_charger_with_profile_3_needs_its_certificate(site: SecureSite, ring: Keyring) -> None:
    site.add_charger(password=PASSWORD)
    site.handled(securityProfile=3)
    assert await status(site.url(), PASSWORD, site) == 403
    assert await status(site.secure(), PASSWORD, site, ssl=site.trusting()) == 403
    own = ring.shown(MANUFACTURER.signed(ring.key, site.box(), "242"), site.system.trusted())
    async with charger(site.mutual(), ssl=own) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
        await until(lambda: [c["authenticated"] for c in site.events("charge-point-connected")] == [True])


async def test_a_charger_without_a_certificate_does_not_reach_the_listener_for_profile_3(
    site: SecureSite,
) -> None:
    """TC_A_19, step 11: profile 2 on the port of profile 3."""
    site.add_charger(password=PASSWORD)
    with pytest.raises(REFUSED):
        async with charger(site.mutual(), basic(site.box(), PASSWORD), ssl=site.trusting()):
            pass
    assert not site.online()


async def test_a_certificate_of_another_name_proves_nothing(site: SecureSite, ring: Keyring) -> None:
    """TC_A_07: TLS is fine, the handshake is not, also with the right password beside it."""
    site.add_charger(password=PASSWORD)
    other = ring.shown(MANUFACTURER.signed(ring.key, "somebody", "242"), site.system.trusted())
    assert await status(site.mutual(), None, site, ssl=other) == 401
    assert await status(site.mutual(), PASSWORD, site, ssl=other) == 401


async def test_a_certificate_for_the_same_name_at_another_company_proves_nothing(
    site: SecureSite, ring: Keyring
) -> None:
    site.add_charger()
    site.add_charger(company=7)
    ours = ring.shown(MANUFACTURER.signed(ring.key, site.box(), "242"), site.system.trusted())
    assert await status(site.mutual(company=7), None, site, ssl=ours) == 401
    assert await status(site.mutual(), None, site, ssl=ours) == 101
    nobodys = ring.shown(MANUFACTURER.signed(ring.key, site.box(), ""), site.system.trusted())
    assert await status(site.mutual(), None, site, ssl=nobodys) == 401


async def test_the_organization_in_a_certificate_is_what_the_operator_says_and_no_name(
    site: SecureSite, ring: Keyring
) -> None:
    """A company's name is for people: taking or changing one changes no authentication."""
    site.add_charger()
    company = site.api().client
    named = ring.shown(MANUFACTURER.signed(ring.key, site.box(), "Volt Harbour"), site.system.trusted())
    assert await status(site.mutual(), None, site, ssl=named) == 401
    company.patch("/company", json={"certificateOrganization": "Volt Harbour"}).raise_for_status()
    try:
        assert await status(site.mutual(), None, site, ssl=named) == 101
        site.add_charger(company=7)
        site.api(7).client.patch("/company", json={"name": "Volt Harbour"}).raise_for_status()
        assert await status(site.mutual(company=7), None, site, ssl=named) == 401
        numbered = ring.shown(MANUFACTURER.signed(ring.key, site.box(), "242"), site.system.trusted())
        assert await status(site.mutual(), None, site, ssl=numbered) == 101
    finally:
        company.patch("/company", json={"certificateOrganization": ""}).raise_for_status()
    assert await status(site.mutual(), None, site, ssl=named) == 401


async def test_expired_and_unknown_certificates_end_in_a_tls_alert(site: SecureSite, ring: Keyring) -> None:
    site.add_charger()
    over = MANUFACTURER.signed(ring.key, site.box(), "242", lasts=-timedelta(minutes=1))
    unknown = OtherAuthority("Nobody").signed(ring.key, site.box(), "242")
    for chain in (over, unknown):
        with pytest.raises(REFUSED):
            async with charger(site.mutual(), ssl=ring.shown(chain, site.system.trusted())):
                pass


async def test_a_certificate_of_our_authority_that_we_never_gave_to_this_charger_is_worthless(
    site: SecureSite, ring: Keyring
) -> None:
    site.add_charger()
    ours = authority(site.system.trusted().parent, "ecdsa", timedelta(days=1))
    stolen = ours.signed(ring.request(site.box()), common_name=site.box(), organization="242", at=now())
    own = ring.shown(stolen.chain, site.system.trusted())
    assert await status(site.mutual(), None, site, ssl=own) == 401


async def test_what_a_trusted_proxy_says_of_tls_counts_and_where_we_end_it_ourselves_nothing_does(
    site: SecureSite,
) -> None:
    site.add_charger(password=PASSWORD)
    site.handled(securityProfile=2)
    proxied = basic(site.box(), PASSWORD) | {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    async with charger(site.url(), proxied) as cp:
        await cp.call("Heartbeat")
        await until(lambda: bool(site.events("charge-point-connected")))
    (connected,) = site.events("charge-point-connected")
    assert (connected["secure"], connected["address"]) == (True, "192.0.2.7")
    lying = basic(site.box(), PASSWORD) | {"X-Forwarded-Proto": "http", "X-Forwarded-For": "192.0.2.8"}
    async with charger(site.secure(), lying, ssl=site.trusting()) as cp:
        await cp.call("Heartbeat")
        await until(lambda: len(site.events("charge-point-connected")) == 2)
    assert site.events("charge-point-connected")[1]["address"] == "127.0.0.1"


async def test_the_links_name_the_port_with_tls(site: SecureSite) -> None:
    links = site.api().get("/company")["links"]
    assert links["wss"] == f"wss://127.0.0.1:{site.system.tls_port}/ocpp/242"
    assert links["ws"] == f"ws://127.0.0.1:{site.system.port}/ocpp/242"


async def test_private_keys_are_their_owner_s_alone(site: SecureSite) -> None:
    files = list(site.system.trusted().parent.iterdir())
    assert {file.name for file in files} == {
        "authority-ecdsa.pem",
        "authority-rsa.pem",
        "server-ecdsa.pem",
        "server-rsa.pem",
    }
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


async def test_the_command_line_shows_the_authority_that_chargers_trust_without_its_key(
    site: SecureSite,
) -> None:
    shown = site.system.run("tls", "authority").stdout
    assert shown.startswith("-----BEGIN CERTIFICATE-----")
    assert shown in site.system.trusted().read_text()
    assert "PRIVATE" not in shown
    made = site.system.run("tls", "init").stdout
    assert "server-ecdsa.pem (until " in made
    wrong = site.system.run("tls", "authority", "--kind", "dsa")
    assert (wrong.returncode, wrong.stdout) == (1, "")
