"""The demo's platform staff."""

from typing import NamedTuple

from eosvolt.composition.office import Office
from eosvolt.demo.preparation import derived
from eosvolt.domain.kernel import Rejected

EMAIL = "staff@eosvolt.example"


class StaffLogin(NamedTuple):
    """How to get into the pages of platform staff."""

    email: str
    password: str


async def staff_login(office: Office) -> StaffLogin:
    """The login of the demo's member of the platform staff, who is created the first time."""
    login = StaffLogin(EMAIL, derived(office.settings, "staff password")[:16])
    if await office.accounts.staff.by_password(*login) is None:
        try:
            await office.accounts.staff.create(login.email, "Demo Staff", login.password)
        except Rejected:
            await office.accounts.staff.set_password(*login)
    return login
