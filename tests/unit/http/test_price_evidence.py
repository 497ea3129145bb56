"""Evidence of prices as files: uploaded, kept as they are, and shown to whoever may see the price."""

import hashlib

import httpx2
import pytest

from eosvolt.application.evidence_files import LARGEST_EVIDENCE_FILE
from eosvolt.application.operations import home_statements
from tests.unit.operations.charging import OWNER
from tests.unit.operations.homes import PROFILE
from tests.unit.operations.statements import APPROVAL, STATEMENT, an_owed_month
from tests.web_in_memory import Site

BILL, OTHER_BILL = b"%PDF-1.7 a bill", b"%PDF-1.7 another bill"
DIGEST, OTHER_DIGEST = (hashlib.sha256(each).hexdigest() for each in (BILL, OTHER_BILL))
SOURCE = f"/price-profiles/{PROFILE}/price-sources/2026-01-01/evidence"
PAGE = f"/home-chargers/profiles/{PROFILE}"


async def opened() -> Site:
    site = await Site().opened()
    await an_owed_month(site)
    return site


async def put(
    site: Site, content: bytes, path: str = SOURCE, kind: str = "application/pdf"
) -> httpx2.Response:
    return await site.api("PUT", path, content, content_type=kind)


def of_profile(digest: str) -> str:
    return f"/price-profiles/{PROFILE}/evidence/{digest}"


def of_statement(digest: str) -> str:
    return f"/finance/reimbursements/{STATEMENT}/evidence/{digest}"


async def test_a_file_comes_back_as_it_was_and_an_approved_statement_keeps_it() -> None:
    site = await opened()
    assert (await put(site, BILL)).json() == {"sha256": DIGEST}
    (source, _) = (await site.api("GET", f"/price-profiles/{PROFILE}")).json()["reimbursement"][
        "priceSources"
    ]
    assert source["evidenceSha256"] == DIGEST
    answer = await site.api("GET", of_profile(DIGEST))
    assert (answer.content, answer.headers["content-type"]) == (BILL, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence-{DIGEST[:12]}.pdf"'
    assert "sandbox" in answer.headers["content-security-policy"]
    await site.operations.run(home_statements.approve, OWNER, APPROVAL)
    assert (await put(site, OTHER_BILL)).json() == {"sha256": OTHER_DIGEST}
    line = (await site.api("GET", f"/finance/reimbursements/{STATEMENT}")).json()["sessions"][0]
    assert line["evidenceSha256"] == DIGEST
    assert (await site.api("GET", of_statement(DIGEST))).content == BILL
    for gone in (of_statement(OTHER_DIGEST), of_profile(DIGEST), of_profile("x"), of_profile("")):
        assert (await site.api("GET", gone)).status_code in {404, 405}
    assert (await site.api("GET", of_profile(OTHER_DIGEST))).content == OTHER_BILL


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png", 200),
        (b"\xff\xd8\xff...", "image/jpeg", 200),
        (b"<html>", "application/pdf", 422),
        (b"", "application/pdf", 422),
        (b"%PDF-" + bytes(LARGEST_EVIDENCE_FILE), "application/pdf", 422),
        (BILL, "text/html", 415),
    ],
)
async def test_a_file_is_a_pdf_a_png_or_a_jpeg_of_at_most_5_mib(
    content: bytes, kind: str, status: int
) -> None:
    site = await opened()
    assert (await put(site, content, kind=kind)).status_code == status
    assert len(site.evidence_files.stored) == (status == 200)


@pytest.mark.parametrize("since", ["2026-01-02", "x", "2026-01-01x"])
async def test_a_file_is_of_a_price_that_there_is(since: str) -> None:
    site = await opened()
    assert (await put(site, BILL, SOURCE.replace("2026-01-01", since))).status_code == 404


async def test_a_change_of_the_profile_keeps_the_file_and_names_no_file_that_was_not_uploaded() -> None:
    site = await opened()
    await put(site, BILL)
    page = (await site.page(f"{PAGE}/reimbursement")).text
    assert f'value="{DIGEST}"' in page
    assert f"{PAGE}/evidence/{DIGEST}" in page
    terms = (await site.api("GET", f"/price-profiles/{PROFILE}")).json()["reimbursement"]
    again = {"reimbursement": {"businessTokens": ["t9"], "priceSources": terms["priceSources"]}}
    assert (await site.api("PATCH", f"/price-profiles/{PROFILE}", again)).status_code == 200
    assert (await site.api("GET", of_profile(DIGEST))).content == BILL
    form = {
        "name": "Company cars",
        "tokenLines": "t9",
        "sourceKind": "contract",
        "validFrom": "2026-01-01",
        "validUntil": "2026-12-31",
        "sourcePrice": "0.32",
        "evidence": "Contract 4712",
        "baseShare": "",
        "evidenceFile": "",
    }
    assert (await site.page(f"{PAGE}/reimbursement", form)).status_code == 303
    assert (await site.api("GET", of_profile(DIGEST))).content == BILL
    terms["priceSources"][0]["evidenceSha256"] = OTHER_DIGEST
    unknown = {"reimbursement": {"priceSources": terms["priceSources"]}}
    assert (await site.api("PATCH", f"/price-profiles/{PROFILE}", unknown)).status_code == 422


async def test_a_person_uploads_and_downloads_on_the_page() -> None:
    site = await opened()
    upload = f"{PAGE}/evidence"
    assert (await site.page(upload, {"since": "2026-01-01"})).status_code == 422
    assert (await site.page(upload, {"since": "2026-01-01"}, files={"file": b"<html>"})).status_code == 422
    assert (await site.page(upload, {"since": "x"}, files={"file": BILL})).status_code == 404
    assert (await site.page(upload, {"since": "2026-01-01"}, files={"file": BILL})).status_code == 303
    assert (await site.page(f"{upload}/{DIGEST}")).content == BILL
    assert (await site.page(f"{upload}/{OTHER_DIGEST}")).status_code == 404
    statement = f"/finance/reimbursements/{STATEMENT}"
    assert f"{statement}/evidence/{DIGEST}" in (await site.page(statement)).text
    assert (await site.page(f"{statement}/evidence/{DIGEST}")).content == BILL
