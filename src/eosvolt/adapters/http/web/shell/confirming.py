"""The password and the code by which a signed-in person confirms a form."""

from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.refusal_texts import translated


async def unconfirmed(request: PageRequest) -> dict[str, str]:
    """What is wrong with the password and, of who has a second factor, the code; empty if both are right.

    A code works once: to be asked last, of a form that is not refused anyway.
    """
    problems = await request.dependencies.confirmation.both(
        request.account.account, request.password("password"), request.form_value("code"), request.now
    )
    return {field: translated(sentence) for field, sentence in problems.items()}
