"""``/uploads/{upload}``: where chargers upload requested files.

There is no sign-in: chargers have only the address, which is secret. The content is streamed.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from eosvolt.adapters.http.framework.auth import proven
from eosvolt.adapters.http.framework.multipart import MOST_HEADER_BYTES, FormFile, NotAForm, boundary_of
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.security import announced
from eosvolt.adapters.http.framework.web_sessions import address_of
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.application.throttle import Throttle, network
from eosvolt.application.uploads import UploadEmpty, UploadExpired, Uploads, UploadTooLarge, UploadUnknown
from eosvolt.domain.kernel import Rejected

log = structlog.get_logger(__name__)

AT_ONCE = 64
# The uploads of one company leave room for the others.
OF_A_COMPANY_AT_ONCE = 4
LONGEST_SECONDS = 1800
METHODS = ["PUT", "POST"]
_UNKNOWN = "Nobody waits for a file here."


def upload_routes(uploads: Uploads, queries: Queries) -> list[BaseRoute]:
    """The routes of the upload target."""
    target = UploadTarget(uploads, queries)
    return [
        Route("/uploads/{upload}", target.put, methods=METHODS),
        Route("/uploads/{upload}/{name:path}", target.put, methods=METHODS),
    ]


class UploadTarget:
    """Receives files over HTTP."""

    def __init__(self, uploads: Uploads, queries: Queries) -> None:
        """``queries`` may lag: an upload can arrive before the read models show its request."""
        self._uploads = uploads
        self._queries = queries
        self._coming: Counter[str] = Counter()
        self._tries = Throttle(per_second=5, burst=100, clock=time.monotonic)

    async def put(self, request: Request) -> Response:
        """201 for a new file, 200 for one that was already received; raises ``Problem``."""
        if seconds := self._tries.take(network(address_of(request))):
            raise Problem(429, "Too many uploads.", headers={"Retry-After": str(int(seconds) + 1)})
        try:
            charge_point = await self._expected(request.path_params["upload"])
            proven(request)
            with self._room(charge_point.partition("/")[0]):
                async with asyncio.timeout(LONGEST_SECONDS):
                    return await self._put(request, charge_point)
        except UploadUnknown:
            raise Problem(404, _UNKNOWN) from None
        except UploadExpired:
            raise Problem(410, "This file was expected earlier.") from None
        except UploadTooLarge:
            mebibytes = self._uploads.most_bytes // 2**20
            raise Problem(413, f"A file may have at most {mebibytes} MiB.") from None
        except (UploadEmpty, NotAForm):
            raise Problem(400, "There is no file in this request.") from None
        except Rejected as refusal:
            raise Problem(409, str(refusal)) from None
        except TimeoutError:
            raise Problem(408, "The file took too long.") from None
        except ClientDisconnect:
            # The client disconnected; the partial file is already deleted.
            return Response(status_code=400)

    @contextmanager
    def _room(self, company: str) -> Iterator[None]:
        """A slot for one upload of a company. 503 if the company or all companies together have too many."""
        if self._coming[company] >= OF_A_COMPANY_AT_ONCE or self._coming.total() >= AT_ONCE:
            raise Problem(503, "Too many uploads at the moment.", headers={"Retry-After": "30"})
        self._coming[company] += 1
        try:
            yield
        finally:
            self._coming[company] -= 1
            self._coming += Counter()  # forgets those that have none

    async def _expected(self, upload: str) -> str:
        try:
            return await self._uploads.expected(upload)
        except UploadUnknown:
            await self._queries.settled()
            return await self._uploads.expected(upload)

    async def _put(self, request: Request, charge_point: str) -> Response:
        upload = request.path_params["upload"]
        # A form is slightly larger than the file in it.
        if announced(request) > self._uploads.most_bytes + MOST_HEADER_BYTES:
            raise UploadTooLarge
        kind = request.headers.get("content-type", "")
        boundary = boundary_of(kind)
        if boundary is None:
            named = request.path_params.get("name", "") or _disposition(request)
            new = await self._uploads.receive(upload, request.stream(), lambda: plain_name(named))
        else:
            try:
                form = FormFile(boundary)
            except FormParserError:
                raise NotAForm from None
            new = await self._uploads.receive(
                upload, form.content(request.stream()), lambda: plain_name(form.name)
            )
        # The sender's next query must show the file.
        await self._queries.settled()
        log.info("file received", charge_point=charge_point, new=new)
        return Response(status_code=201 if new else 200)


def plain_name(name: str) -> str:
    """The file's name without folders and without characters that are invalid in file systems or headers."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable() and character not in '"<>|*?:')


def _disposition(request: Request) -> str:
    _, options = parse_options_header(request.headers.get("content-disposition", ""))
    return options.get(b"filename", b"").decode("utf-8", "replace")
