"""Who the driver is: name and language, and the end of it all."""

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import LOCALES, gettext
from eosvolt.adapters.http.web.drive.driver_pages import FIND, DriverPages, DriverRequest, show_driver
from eosvolt.adapters.http.web.drive.view_models import EraseDriverPage, ProfilePage
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.application.drivers import LONGEST_NAME
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import ByAddress

_PROFILE, _ERASE = "/drive/profile", "/drive/erase"
# Languages are named in themselves.
_NAMES = (("en", "English"), ("de", "Deutsch"))


def profile_routes(pages: DriverPages) -> list[Route]:
    """``/drive/profile`` and ``/drive/erase``."""
    return [
        pages.form(_PROFILE, profile, change, marks=True),
        pages.form(_ERASE, ask, erase, operation=driving.erase),
    ]


async def profile(request: DriverRequest) -> Response:
    """Name, language, and the operators who know the driver."""
    return await _page(request)


async def change(request: DriverRequest) -> Response:
    """Change name and language."""
    name, language = " ".join(request.form_value("name").split()), request.form_value("language")
    wrong = request.invisible_characters
    if len(name) > LONGEST_NAME:
        wrong["name"] = gettext("A name has at most {most} characters.", most=LONGEST_NAME)
    if language not in LOCALES:
        wrong["language"] = gettext("Choose a language.")
    if wrong:
        return await _page(request, problems=wrong)
    await request.dependencies.drivers.change(
        msgspec.structs.replace(request.driver, name=name, language=language)
    )
    return redirect(_PROFILE, gettext("Saved."))


async def ask(request: DriverRequest) -> Response:
    """Ask whether everything is to be deleted."""
    return await show_driver(request, EraseDriverPage(driver=request.driver), tab="profile")


async def erase(request: DriverRequest) -> Response:
    """Delete all personal data at all companies, and sign out."""
    driver = request.driver
    for each in await request.dependencies.drivers.customers(driver):
        await request.run_at(each.company, driving.erase, ByAddress(email=driver.email))
    await request.dependencies.drivers.erase(driver)
    response = redirect(FIND, gettext("Your data is deleted."))
    request.gate.drivers.cookie.take(response)
    return response


async def _page(request: DriverRequest, problems: dict[str, str] | None = None) -> Response:
    own = await request.dependencies.drivers.customers(request.driver)
    known = [await request.dependencies.queries.company(each.company) for each in own]
    model = ProfilePage(
        driver=request.driver,
        languages=_NAMES,
        operators=[row.name for row in known if row is not None],
        problems=problems or {},
    )
    return await show_driver(request, model, status=422 if problems else 200, tab="profile")
