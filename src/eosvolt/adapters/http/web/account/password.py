"""The present password, which every change to one's own account asks for."""

import time

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.web.account.own_request import OwnRequest
from eosvolt.application.throttle import Throttle


class PasswordCheck:
    """Limits how often a password or a code is tried from within."""

    def __init__(self) -> None:
        """Allows ten attempts at once for an account, then one every 30 seconds."""
        self._tries = Throttle(per_second=1 / 30, burst=10, clock=time.monotonic)

    async def problems(self, request: OwnRequest) -> dict[str, str]:
        """The problem with the form's field ``present``; empty for the right password."""
        self.patient(request)
        if not await request.security.right_password(request.account, request.password("present")):
            return {"present": gettext("This is not your present password.")}
        self._tries.forgive(request.account)
        return {}

    def patient(self, request: OwnRequest) -> None:
        """Count an attempt. Raises a 429 ``Problem`` after too many."""
        check_wait(self._tries.take(request.account))
