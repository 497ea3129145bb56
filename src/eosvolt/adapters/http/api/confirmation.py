"""A signed-in person confirms what moves money with the password or a code. API keys confirm nothing."""

from typing import Annotated

from msgspec import Meta, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.application.access import LONGEST_PASSWORD


class ConfirmationInput(ApiInput, frozen=True, kw_only=True):
    """The password of whoever is signed in, and a code of the authenticator app or a recovery code."""

    password: Annotated[str, Meta(max_length=LONGEST_PASSWORD)] = ""
    code: Annotated[str, Meta(max_length=40)] = ""


async def check_either(call: ApiCall, given: ConfirmationInput | UnsetType) -> None:
    """Raise a 422 ``Problem`` unless a signed-in person gave the password or a code."""
    account = call.identity.account
    if account is not None:
        password, code = _given(given)
        _refuse(await call.dependencies.confirmation.either(account.account, password, code, call.now))


async def check_both(call: ApiCall, given: ConfirmationInput | UnsetType) -> None:
    """Raise a 422 ``Problem`` unless a signed-in person gave the password and, if there is one, a code."""
    account = call.identity.account
    if account is not None:
        password, code = _given(given)
        _refuse(await call.dependencies.confirmation.both(account.account, password, code, call.now))


def _given(given: ConfirmationInput | UnsetType) -> tuple[str, str]:
    return (given.password, given.code) if isinstance(given, ConfirmationInput) else ("", "")


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise all_invalid([(f"/confirmation/{field}", sentence) for field, sentence in wrong.items()])
