"""What protects an account beside its password."""

from typing import NamedTuple

from eosvolt.domain.kernel import Rejected

RECOVERY_CODES = 10


class Factors(NamedTuple):
    """An authenticator app, the number of passkeys, and the number of recovery codes that are left."""

    app: bool = False
    passkeys: int = 0
    recovery_codes: int = 0

    @property
    def any(self) -> bool:
        """Whether a sign-in with the password has a second step."""
        return self.app or self.passkeys > 0


def folded_code(code: str) -> str:
    """A code as it is compared: people write codes with blanks, hyphens and capital letters."""
    return "".join(letter for letter in code.casefold() if letter.isalnum())


def wrong_code() -> Rejected:
    """The refusal of a code that does not confirm an app."""
    return Rejected("This code is not right. Check the clock of the phone.")


def set_up_already() -> Rejected:
    """The refusal of a second authenticator app."""
    return Rejected("An authenticator app is set up already.")


def no_factor() -> Rejected:
    """The refusal of recovery codes for an account without a second factor."""
    return Rejected("Set up a second factor first.")
