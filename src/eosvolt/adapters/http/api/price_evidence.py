"""Files that prove the prices of reimbursing profiles, of profiles and of statements."""

from datetime import date

from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import View
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.home_statements import home_statement
from eosvolt.adapters.http.presentation.price_evidence import evidence_download
from eosvolt.application.evidence_files import EVIDENCE_TYPES
from eosvolt.application.operations import price_evidence, price_profiles
from eosvolt.application.operations.price_evidence import EvidenceUpload
from eosvolt.application.operations.views import FINANCE


class EvidenceView(View, frozen=True, kw_only=True):
    """A file that was uploaded: the ``sha256`` of its bytes, in hex."""

    sha256: str


@endpoint(
    "PUT",
    "/price-profiles/{profile}/price-sources/{since}/evidence",
    refusals=(409,),
    operation=price_evidence.upload,
    takes=EVIDENCE_TYPES,
)
async def put_evidence(call: ApiCall, profile: str, since: str, content: bytes) -> EvidenceView:
    """Keep a file as the evidence of the price that is valid from this day: PDF, PNG or JPEG, at most 5 MiB.

    It is kept as it is, for ever; statements that were approved keep the file of before.
    """
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise not_found() from None
    wanted = EvidenceUpload(profile=profile, since=day, content=content)
    return EvidenceView(sha256=await call.run(price_evidence.upload, wanted))


@endpoint(
    "GET", "/price-profiles/{profile}/evidence/{digest}", media=EVIDENCE_TYPES, needs=price_profiles.VIEW
)
async def get_evidence(call: ApiCall, profile: str, digest: str) -> Response:
    """The evidence of a price of the profile, by its SHA-256."""
    row = await call.queries.price_profile(call.company, profile)
    sources = () if row is None else row.terms.sources
    return await evidence_download(call.dependencies, call.company, sources, digest)


@endpoint("GET", "/finance/reimbursements/{statement}/evidence/{digest}", media=EVIDENCE_TYPES, needs=FINANCE)
async def get_statement_evidence(call: ApiCall, statement: str, digest: str) -> Response:
    """The evidence of a price in the statement, by its SHA-256; that of an approved one never changes."""
    found = await home_statement(call.queries, call.company, statement, call.now)
    return await evidence_download(call.dependencies, call.company, found.sources, digest)


ENDPOINTS = (put_evidence, get_evidence, get_statement_evidence)
