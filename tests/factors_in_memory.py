"""Second factors of accounts, kept in memory: every code works once."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.application.passkeys import NewPasskey, Passkey
from eosvolt.application.second_factors import Factors
from eosvolt.domain.kernel import Rejected
from tests.examples import MORNING

CODE, RECOVERY_CODE = "123456", "abcde-fghij"


class MemorySecondFactors:
    """The app's only code is ``CODE``; recovery codes are ``RECOVERY_CODE``."""

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.apps: set[str] = set()
        self.codes: dict[str, int] = {}
        self.steps: dict[str, tuple[str, int]] = {}

    async def factors(self, account: str) -> Factors:
        return Factors(account in self.apps, 0, self.codes.get(account, 0))

    async def begin_app(self, account: str) -> None:
        self.begun.add(account)

    async def begun_app(self, account: str) -> str | None:
        return "JBSWY3DPEHPK3PXP" * 2 if account in self.begun else None

    async def confirm_app(self, account: str, code: str, _: datetime) -> tuple[str, ...]:
        if code != CODE or account not in self.begun:
            raise Rejected("This code is not right. Check the clock of the phone.")
        self.begun.discard(account)
        self.apps.add(account)
        return await self.new_codes(account)

    async def remove_app(self, account: str) -> None:
        self.apps.discard(account)
        self.codes.pop(account, None)

    async def right_code(self, _: str, code: str, __: datetime) -> bool:
        return code == CODE

    async def new_codes(self, account: str) -> tuple[str, ...]:
        self.codes[account] = 1
        return (RECOVERY_CODE,)

    async def begin_step(self, account: str) -> str:
        secret = f"step-{len(self.steps)}"
        self.steps[secret] = (account, 0)
        return secret

    async def step_of(self, secret: str) -> str | None:
        account, tries = self.steps.get(secret, ("", 5))
        return account if tries < 5 else None

    async def try_step(self, secret: str) -> str | None:
        account = await self.step_of(secret)
        if account is not None:
            self.steps[secret] = (account, self.steps[secret][1] + 1)
        return account

    async def end_step(self, secret: str) -> bool:
        return self.steps.pop(secret, None) is not None


class MemoryPasskeys:
    """Passkeys and challenges in dictionaries."""

    def __init__(self) -> None:
        self.challenges: dict[tuple[bytes, str], str | None] = {}
        self.kept: dict[bytes, Passkey] = {}

    async def challenge(self, challenge: bytes, account: str | None, browser: str) -> None:
        self.challenges[challenge, browser] = account

    async def answer(self, challenge: bytes, account: str | None, browser: str) -> bool:
        mine = (challenge, browser)
        return mine in self.challenges and self.challenges.pop(mine) == account

    async def of(self, account: str) -> Sequence[Passkey]:
        return [each for each in self.kept.values() if each.account == account]

    async def by_credential(self, credential: bytes) -> Passkey | None:
        return self.kept.get(credential)

    async def add(self, account: str, new: NewPasskey) -> tuple[str, ...]:
        made = Passkey(
            f"{account}-{len(self.kept)}",
            account,
            new.credential,
            new.name,
            new.public_key,
            new.sign_count,
            new.transports,
            MORNING,
            None,
        )
        self.kept[new.credential] = made
        return ()

    async def remove(self, account: str, passkey: str) -> bool:
        found = [each for each in await self.of(account) if each.id == passkey]
        for each in found:
            del self.kept[each.credential]
        return bool(found)

    async def used(self, passkey: Passkey, sign_count: int) -> bool:
        self.kept[passkey.credential] = passkey._replace(sign_count=sign_count)
        return True
