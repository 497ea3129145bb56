"""What requests of users, of platform staff and of drivers have in common: parameters, form and operation."""

from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.one_operation import Named, check_named
from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.web.shell.forms import invisible_characters_in
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.application.actor import Actor
from eosvolt.application.operations.operation import A, I, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRequest:
    """A request with its form. ``operation`` is the one that its route names."""

    raw: Request
    dependencies: Dependencies
    gate: Gate
    now: datetime
    form: FormData = field(default_factory=FormData)
    operation: Named = None

    async def run_as(self, actor: Actor, operation: Operation[I, A], wanted: I) -> A:
        """Run the route's operation and wait until the read models show it. Raises its refusals."""
        answer = await self.run_unsettled_as(actor, operation, wanted)
        await self.dependencies.queries.settled()
        return answer

    async def run_unsettled_as(self, actor: Actor, operation: Operation[I, A], wanted: I) -> A:
        """Like ``run_as``, without waiting for the read models."""
        check_named(self.operation, operation)
        trace = self.raw.scope.get("state", {}).get("trace", "")
        return await self.dependencies.operations.run(operation, actor, wanted, f"request:{trace}")

    def path_parameter(self, name: str) -> str:
        """A path parameter, decoded. Raises a 404 ``Problem`` for bytes that are not UTF-8."""
        return decoded(self.raw, name)

    def form_value(self, name: str, default: str = "") -> str:
        """A value of the submitted form."""
        value = self.form.get(name, default)
        return plain(value) if isinstance(value, str) else default

    @property
    def invisible_characters(self) -> dict[str, str]:
        """The errors about invisible characters, by field."""
        return invisible_characters_in(self.form)
