"""``/sessions/{session}/receipt``: the receipt of a session."""

from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.presentation.receipt import MEDIA_TYPE, receipt_file
from eosvolt.application.operations.sessions import VIEW


@endpoint("GET", "/sessions/{session}/receipt", media=(MEDIA_TYPE,), refusals=(409,), needs=VIEW)
async def receipt(call: ApiCall, session: str) -> Response:
    """The receipt of a session as a PDF, in the language of the company. 409 while the session is not over.

    It has the lines of `GET /sessions/{session}`: each amount is its quantity × its price.
    """
    return await receipt_file(call.dependencies, call.queries, call.company, session)


ENDPOINTS = (receipt,)
