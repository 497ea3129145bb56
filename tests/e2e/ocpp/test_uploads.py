"""Diagnostics and logs: asked for over OCPP, uploaded over HTTP, listed and downloaded over the API."""

import asyncio
import contextlib
import hashlib
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.e2e.ocpp.device_management_charger import Keeper, keeper
from tests.e2e.ocpp.site import Site, until

CONTENT = b"what the charger knows of itself\n" * 20_000
DIAGNOSTICS = {"type": "getDiagnostics"}
LOG = {"type": "getLog", "logType": "SecurityLog"}


def files(site: Site) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = site.api().get(f"/chargers/{site.box()}/files")["items"]
    return items


def place(cp: Keeper) -> str:
    """Where the charger was told to put its newest file."""
    action, request = cp.obeyed[-1]
    address: str = request["location"] if action == "GetDiagnostics" else request["log"]["remote_location"]
    return address


def downloaded(site: Site, upload: str, company: int = 242) -> httpx2.Response:
    return site.api(company).client.get(f"/chargers/{site.box()}/files/{upload}")


async def test_diagnostics_are_uploaded_listed_and_downloaded(site: Site) -> None:
    """TC_045_1."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        assert (await site.tell(DIAGNOSTICS))["state"] == "accepted"
        await cp.diagnostics_status("Uploading")
        assert httpx2.put(f"{place(cp)}/diagnostics.zip", content=CONTENT).status_code == 201
        await cp.diagnostics_status("Uploaded")
        await until(lambda: files(site)[0]["status"] == "Uploaded")
        (file,) = files(site)
        assert [step["status"] for step in file["progress"]] == ["Accepted", "Uploading", "Uploaded"]
        assert (file["kind"], file["name"], file["size"]) == ("diagnostics", "diagnostics.zip", len(CONTENT))
        assert file["sha256"] == hashlib.sha256(CONTENT).hexdigest()
        answer = downloaded(site, file["id"])
        assert answer.content == CONTENT
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''diagnostics.zip"


async def test_an_upload_that_fails_is_shown_as_failed(site: Site) -> None:
    """TC_045_2."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)
        await cp.diagnostics_status("Uploading")
        await cp.diagnostics_status("UploadFailed")
        await until(lambda: files(site)[0]["status"] == "UploadFailed")
        assert downloaded(site, files(site)[0]["id"]).status_code == 404


async def test_a_second_log_cancels_the_first(site: Site) -> None:
    """The charger gives up the one for the other, and so does the upload target."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(LOG)
        first, number = place(cp), cp.asked("GetLog")[0]["request_id"]
        await cp.log_status("Uploading", number)
        cp.answers["GetLog"] = [{"status": "AcceptedCanceled", "filename": "log.zip"}]
        assert (await site.tell(LOG))["state"] == "accepted"
        assert httpx2.put(first, content=CONTENT).status_code == 404
        assert httpx2.put(place(cp), content=CONTENT).status_code == 201
        await cp.log_status("Uploaded", cp.asked("GetLog")[1]["request_id"])
        await until(lambda: [each["status"] for each in files(site)] == ["Uploaded", "AcceptedCanceled"])
        assert files(site)[0]["kind"] == "securityLog"


async def test_a_log_that_the_charger_does_not_have_is_not_waited_for(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        cp.answers["GetLog"] = [{"status": "Rejected"}]
        assert (await site.tell(LOG))["state"] == "rejected"
        assert files(site)[0]["status"] == "Rejected"
        assert httpx2.put(place(cp), content=CONTENT).status_code == 404


async def test_the_same_file_again_is_fine_and_another_one_is_not(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)
        assert httpx2.put(place(cp), content=CONTENT).status_code == 201
        assert httpx2.post(place(cp), content=CONTENT).status_code == 200
        assert httpx2.put(place(cp), content=b"something else").status_code == 409
        assert downloaded(site, files(site)[0]["id"]).content == CONTENT
        ((kept,),) = site.system.sql(
            "SELECT count(*) FROM uploaded_files WHERE upload = %s", files(site)[0]["id"]
        )
        assert kept == 1


async def test_a_form_is_read_and_its_file_kept(site: Site) -> None:
    """Some chargers send what a browser would."""
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)
        form = {"note": (None, b"not this"), "file": ("..\\logs\\d iag.tar", CONTENT)}
        assert httpx2.post(place(cp), files=form).status_code == 201
        (file,) = files(site)
        assert (file["name"], file["size"]) == ("d iag.tar", len(CONTENT))
        assert downloaded(site, file["id"]).content == CONTENT


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b""}, 400),
        ({"content": b"no form", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 400),
        ({"content": b"", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 400),
        ({"files": {"note": (None, b"no file")}}, 400),
    ],
    ids=["nothing", "broken form", "empty form", "form without a file"],
)
async def test_what_holds_no_file_is_refused_and_the_place_stays_open(
    site: Site, request_: dict[str, Any], status: int
) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)
        assert httpx2.post(place(cp), **request_).status_code == status
        assert httpx2.put(place(cp), content=CONTENT).status_code == 201


async def test_a_file_that_is_too_large_is_refused_while_it_comes(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)

        async def endless() -> Any:
            for _ in range(60):
                yield bytes(2**20)

        async with httpx2.AsyncClient() as client:
            answer = await client.put(place(cp), content=endless())
        assert answer.status_code == 413
        assert "50 MiB" in answer.text
        upload = files(site)[0]["id"]
        ((kept,),) = site.system.sql("SELECT count(*) FROM uploaded_files WHERE upload = %s", upload)
        assert kept == 0


async def test_an_upload_to_an_unknown_address_is_refused(site: Site) -> None:
    assert httpx2.put(f"{site.system.base_url}/uploads/{'0' * 32}", content=CONTENT).status_code == 404
    assert httpx2.get(f"{site.system.base_url}/uploads/{'0' * 32}").status_code == 404


async def test_a_file_is_nothing_for_another_company_and_not_of_another_charger(site: Site) -> None:
    site.add_charger()
    site.add_charger("OTHER")
    site.system.create_company(613, "Elsewhere")
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)
        httpx2.put(place(cp), content=CONTENT)
        upload = files(site)[0]["id"]
        assert downloaded(site, upload, company=613).status_code == 404
        other = site.api().client.get(f"/chargers/{site.box('OTHER')}/files/{upload}")
        assert other.status_code == 404


async def test_files_that_never_end_take_no_room_from_another_company(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)
        target = urlsplit(place(cp))
        head = f"PUT {target.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc".encode()
        with contextlib.ExitStack() as slow:
            for _ in range(16):
                stalled = slow.enter_context(socket.create_connection(("127.0.0.1", site.system.port)))
                stalled.sendall(head)
            # Empty, so that what is asked while there is still room leaves no file.
            await until(lambda: httpx2.put(place(cp)).status_code == 503)
            site.add_charger("OTHERS", company=611)
            async with keeper(site.url("OTHERS", 611)) as another:
                command = f"/chargers/{site.box('OTHERS')}/commands?wait=true"
                await asyncio.to_thread(site.api(611).post, command, DIAGNOSTICS, 202)
                await until(lambda: len(another.obeyed) == 1)
                assert httpx2.put(place(another), content=CONTENT).status_code == 201
        await until(lambda: httpx2.put(place(cp), content=CONTENT).status_code == 201)


async def test_a_form_with_a_boundary_longer_than_any_is_no_form(site: Site) -> None:
    site.add_charger()
    async with keeper(site.url()) as cp:
        await site.tell(DIAGNOSTICS)
        for length in (71, 300, 5_000, 20_000):
            kind = f"multipart/form-data; boundary={'x' * length}"
            answer = httpx2.post(place(cp), content=b"--x", headers={"Content-Type": kind})
            assert answer.status_code == 400, length
