"""What a charger does about firmware, files, local lists and certificates."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from eosvolt.adapters.simulator.local_list import ChargerLocalList
from tests.unit.simulator.scene import BEGUN, TAG, Scene, scene

BOX = "CP%201%2FA"
AT_ONCE = "2026-01-01T00:00:00Z"
FIRMWARE = "http://firmware.invalid/SW-22-4.3.0.bin"


def a_root(name: str = "A root") -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGUN)
        .not_valid_after(BEGUN + timedelta(days=1))
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def signed_by_its_own_maker(request: str) -> str:
    asked = x509.load_pem_x509_csr(request.encode())
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(asked.subject)
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority")]))
        .public_key(asked.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGUN)
        .not_valid_after(BEGUN + timedelta(days=1))
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def said(s: Scene, action: str) -> list[str]:
    return [payload["status"] for payload in s.listener.all(action)]


async def ask(s: Scene, action: str, **payload: Any) -> dict[str, Any]:
    return await s.listener.ask(BOX, action, payload)


@asynccontextmanager
async def target() -> AsyncIterator[tuple[str, list[tuple[str, bytes]]]]:
    """Somebody who takes files, where, and what came."""
    taken: list[tuple[str, bytes]] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line[16:]) for line in head.splitlines() if line.lower().startswith("content-length")
        )
        taken.append((head.splitlines()[0], await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/uploads/0815", taken


async def test_firmware_goes_its_whole_way_and_the_charger_starts_with_it() -> None:
    async with scene(speed=600) as s:
        assert await ask(s, "UpdateFirmware", location=FIRMWARE, retrieveDate=AT_ONCE) == {}
        await s.listener.until("FirmwareStatusNotification", status="Installed")
        assert said(s, "FirmwareStatusNotification") == [
            "Downloading",
            "Downloaded",
            "Installing",
            "Installed",
        ]
        boots = s.listener.all("BootNotification")
        assert [boot["firmwareVersion"] for boot in boots] == ["4.2.1", "4.3.0"]


async def test_signed_firmware_is_verified_and_waits_for_the_car() -> None:
    async with scene(speed=600) as s:
        await s.charging()
        firmware = {
            "location": FIRMWARE,
            "retrieveDateTime": AT_ONCE,
            "signingCertificate": a_root(),
            "signature": base64.b64encode(b"signature").decode(),
        }
        answer = await ask(s, "SignedUpdateFirmware", requestId=7, firmware=firmware)
        assert answer == {"status": "Accepted"}
        await s.listener.until("SignedFirmwareStatusNotification", status="InstallScheduled")
        s.charger._deliver(s.charger.station.plugs[1].stop(s.clock.now(), "Local"))
        await s.listener.until("SignedFirmwareStatusNotification", status="Installed")
        chain = [
            "Downloading",
            "Downloaded",
            "SignatureVerified",
            "InstallScheduled",
            "Installing",
            "Installed",
        ]
        assert said(s, "SignedFirmwareStatusNotification") == chain
        assert {one["requestId"] for one in s.listener.all("SignedFirmwareStatusNotification")} == {7}


@pytest.mark.parametrize(
    ("certificate", "signature", "answer", "alarm"),
    [
        ("no certificate", "AAAA", "InvalidCertificate", "InvalidFirmwareSigningCertificate"),
        (a_root(), "no signature", "Accepted", "InvalidFirmwareSignature"),
    ],
)
async def test_firmware_without_a_valid_signature_raises_an_alarm(
    certificate: str, signature: str, answer: str, alarm: str
) -> None:
    async with scene() as s:
        firmware = {
            "location": FIRMWARE,
            "retrieveDateTime": AT_ONCE,
            "signingCertificate": certificate,
            "signature": signature,
        }
        assert await ask(s, "SignedUpdateFirmware", requestId=7, firmware=firmware) == {"status": answer}
        await s.listener.until("SecurityEventNotification", type=alarm)
        assert len(s.listener.all("BootNotification")) == 1


async def test_a_second_installation_takes_the_place_of_the_first() -> None:
    async with scene() as s:
        later = (s.clock.now() + timedelta(days=1)).isoformat()
        firmware = {
            "location": FIRMWARE,
            "retrieveDateTime": later,
            "signingCertificate": a_root(),
            "signature": "AAAA",
        }
        await ask(s, "SignedUpdateFirmware", requestId=1, firmware=firmware)
        await s.listener.until("SignedFirmwareStatusNotification", status="DownloadScheduled")
        now = {**firmware, "retrieveDateTime": AT_ONCE}
        answer = await ask(s, "SignedUpdateFirmware", requestId=2, firmware=now)
        assert answer == {"status": "AcceptedCanceled"}
        await s.listener.until("SignedFirmwareStatusNotification", status="Downloading", requestId=2)


async def test_diagnostics_are_handed_over_where_they_are_wanted() -> None:
    async with scene() as s, target() as (location, taken):
        name = (await ask(s, "GetDiagnostics", location=location))["fileName"]
        await s.listener.until("DiagnosticsStatusNotification", status="Uploaded")
        assert said(s, "DiagnosticsStatusNotification") == ["Uploading", "Uploaded"]
        ((line, content),) = taken
        assert line.startswith("PUT /uploads/0815/CP%201%2FA-diagnostics-")
        assert name.startswith("CP 1/A-diagnostics-")
        assert b"setting MeterValueSampleInterval=60" in content
        assert b"plug 2 Available" in content


async def test_a_log_without_a_receiver_is_not_handed_over() -> None:
    async with scene() as s:
        log = {"remoteLocation": "http://192.0.2.7/uploads/0815"}
        answer = await ask(s, "GetLog", logType="SecurityLog", requestId=4, log=log)
        assert answer["status"] == "Accepted"
        failed = await s.listener.until("LogStatusNotification", status="UploadFailure")
        assert failed["requestId"] == 4


async def test_a_secret_is_in_no_file() -> None:
    async with scene() as s, target() as (location, taken):
        key = "00112233445566778899aabbccddeeff"
        await ask(s, "ChangeConfiguration", key="AuthorizationKey", value=key)
        await s.listener.until("SecurityEventNotification", type="ReconfigurationOfSecurityParameters")
        await ask(s, "GetLog", logType="DiagnosticsLog", requestId=5, log={"remoteLocation": location})
        await s.listener.until("LogStatusNotification", status="Uploaded")
        assert key.encode() not in taken[0][1]


async def test_the_local_list_knows_its_version_and_decides_without_a_link() -> None:
    async with scene() as s:

        async def send(version: int, update: str, *entries: dict[str, Any]) -> str:
            answer = await ask(
                s,
                "SendLocalList",
                listVersion=version,
                updateType=update,
                localAuthorizationList=list(entries),
            )
            return str(answer["status"])

        accepted = {"idTag": TAG, "idTagInfo": {"status": "Accepted"}}
        assert await send(3, "Full", accepted) == "Accepted"
        assert await ask(s, "GetLocalListVersion") == {"listVersion": 3}
        assert await send(3, "Differential", accepted) == "VersionMismatch"
        assert s.charger._state.knows_card(TAG.lower())
        assert await send(4, "Differential", {"idTag": TAG, "idTagInfo": {"status": "Blocked"}}) == "Accepted"
        assert not s.charger._state.knows_card(TAG)
        assert await send(5, "Differential", {"idTag": TAG}) == "Accepted"
        assert await ask(s, "GetLocalListVersion") == {"listVersion": 0}
        await ask(s, "ChangeConfiguration", key="LocalAuthListEnabled", value="false")
        assert await send(6, "Full", accepted) == "NotSupported"
        assert await ask(s, "GetLocalListVersion") == {"listVersion": -1}


def test_a_list_that_does_not_fit_changes_nothing() -> None:
    listed = ChargerLocalList(room=2, most_at_once=2)
    entries = [{"id_tag": tag, "id_tag_info": {"status": "Accepted"}} for tag in ("A", "B", "C")]
    assert listed.take(1, "Full", entries[:2]) == "Accepted"
    assert listed.take(2, "Full", entries) == "Failed"
    assert listed.take(2, "Differential", entries[2:]) == "Failed"
    assert listed.take(2, "Full", [{"id_tag": "A"}]) == "Failed"
    assert (listed.version, listed.verdict("a"), listed.verdict("C")) == (1, "Accepted", None)


async def test_roots_are_installed_listed_and_deleted() -> None:
    async with scene() as s:
        use = "CentralSystemRootCertificate"
        assert await ask(s, "GetInstalledCertificateIds", certificateType=use) == {"status": "NotFound"}
        install = {"certificateType": use, "certificate": a_root()}
        assert await ask(s, "InstallCertificate", **install) == {"status": "Accepted"}
        assert await ask(s, "InstallCertificate", **install) == {"status": "Accepted"}
        wrong = {"certificateType": use, "certificate": "no certificate"}
        assert await ask(s, "InstallCertificate", **wrong) == {"status": "Rejected"}
        (root,) = (await ask(s, "GetInstalledCertificateIds", certificateType=use))["certificateHashData"]
        assert root["hashAlgorithm"] == "SHA256"
        other = {**root, "serialNumber": "0"}
        assert await ask(s, "DeleteCertificate", certificateHashData=other) == {"status": "NotFound"}
        assert await ask(s, "DeleteCertificate", certificateHashData=root) == {"status": "Accepted"}
        assert await ask(s, "GetInstalledCertificateIds", certificateType=use) == {"status": "NotFound"}


async def test_a_charger_takes_the_certificate_that_it_asked_for_and_no_other() -> None:
    async with scene() as s:
        wanted = {"requestedMessage": "SignChargePointCertificate"}
        assert await ask(s, "ExtendedTriggerMessage", **wanted) == {"status": "Accepted"}
        request = (await s.listener.until("SignCertificate"))["csr"]
        assert await ask(s, "CertificateSigned", certificateChain=a_root()) == {"status": "Rejected"}
        await s.listener.until("SecurityEventNotification", type="InvalidChargePointCertificate")
        chain = signed_by_its_own_maker(request)
        assert await ask(s, "CertificateSigned", certificateChain=chain) == {"status": "Accepted"}
        own = s.charger._state.certificates.own
        assert own is not None
        assert own.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value == "CP 1/A"


async def test_the_maker_s_own_word_raises_an_alarm() -> None:
    async with scene() as s:
        vendor = s.charger.station.plan.vendor
        alarm = {"vendorId": vendor, "messageId": "securityEvent", "data": "TamperDetectionActivated"}
        assert await ask(s, "DataTransfer", **alarm) == {"status": "Accepted"}
        await s.listener.until("SecurityEventNotification", type="TamperDetectionActivated")
        assert await ask(s, "DataTransfer", vendorId=vendor) == {"status": "UnknownMessageId"}
