"""Second factors of accounts, kept in memory: every code works once."""

from datetime import datetime

from eosvolt.application.second_factors import Factors
from eosvolt.domain.kernel import Rejected

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
