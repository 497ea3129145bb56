"""A company's logo, for tests of operations."""

from eosvolt.application.actor import person
from eosvolt.application.operations import company
from eosvolt.application.operations.company import LogoUpload
from tests.drawn_pictures import LOGO_FILE
from tests.examples import COMPANY
from tests.web_in_memory import OTHER_COMPANY, Site


async def a_logo(site: Site) -> None:
    """Both companies have one."""
    for number in (COMPANY, OTHER_COMPANY):
        await site.operations.run(company.set_logo, person("ana", number), LogoUpload(content=LOGO_FILE))
