"""The present password, which every change to one's own account asks for."""

import time

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.throttle import Throttle


class PasswordCheck:
    """Limits how often a password or a code is tried from within."""

    def __init__(self) -> None:
        """Allows ten attempts at once for an account, then one every 30 seconds."""
        self._tries = Throttle(per_second=1 / 30, burst=10, clock=time.monotonic)

    async def problems(self, request: PageRequest) -> dict[str, str]:
        """The problem with the form's field ``present``; empty for the right password."""
        self.patient(request)
        own, me = request.dependencies.own_accounts, request.account.account
        if not await own.right_password(me, typed(request, "present")):
            return {"present": gettext("This is not your present password.")}
        self._tries.forgive(me)
        return {}

    def patient(self, request: PageRequest) -> None:
        """Count an attempt. Raises a 429 ``Problem`` after too many."""
        check_wait(self._tries.take(request.account.account))


def typed(request: PageRequest, name: str) -> str:
    """A password as it was typed: blanks belong to it."""
    value = request.form.get(name, "")
    return value if isinstance(value, str) else ""
