"""Pages, API and command line ask for operations: they know no command and no decider."""

import ast
import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import SAFE_METHODS
from eosvolt.adapters.http.framework.one_operation import AnotherOperation, check_named
from eosvolt.adapters.http.pages import page_routes
from eosvolt.adapters.http.web.shell.forms import PageRoute
from eosvolt.application.executor import Application
from eosvolt.application.operations import tokens
from eosvolt.application.operations.table import OPERATIONS
from eosvolt.application.permissions import DRIVER, EVERYTHING, PLATFORM_STAFF
from tests.architecture.source_tree import SOURCE
from tests.unit.operations.request_cases import WAYS
from tests.web_in_memory import Site

# Signing in and out changes nothing of a company's; whoever does it is nobody yet.
OF_NOBODY = {
    "/sign-in",
    "/sign-in/second-step",
    "/sign-in/passkey",
    "/sign-in/passkey/options",
    "/sign-out",
    "/forgotten-password",
    "/reset-password/{secret}",
    "/platform/sign-in",
    "/platform/sign-in/second-step",
    "/platform/sign-out",
    "/drive/sign-in",
    "/drive/sign-in/code",
    "/drive/sign-out",
}
OF_NOBODY_BY_API = {"POST /driver/sign-in", "POST /driver/sign-in/confirm", "POST /driver/sign-out"}
OF_ONESELF_BY_API = {"PATCH /driver/me"}
# What drivers find, also before they sign in. What is not for everybody is not there for them.
OF_EVERYBODY = {
    "/drive",
    "/drive/tiles",
    "/drive/manifest.webmanifest",
    "/drive/locations/{company}/{location}",
    "/drive/locations/{company}/{location}/book",
    "/drive/{company}/{charger}/{plug}",
}
OF_EVERYBODY_BY_API = {
    "/driver/locations",
    "/driver/locations/{company}/{location}",
    "/driver/locations/{company}/{location}/slots",
    "/driver/plugs/{company}/{charger}/{plug}",
}
# What everybody may do with their own account: it is outside the history and needs no permission (ADR 0205).
OF_ONESELF = ("/account", "/platform/account", "/drive/profile")
# Pages without a permission: before somebody is signed in, what tells pages that something changed,
# pictures by their digests, which only pages with a permission tell, the map, which is everybody's, and the
# feed of bookings, whose address is the secret.
WITHOUT_PERMISSION = {
    *OF_NOBODY,
    *OF_EVERYBODY,
    "/register/{company}/{secret}",
    "/join/{admin}/{secret}",
    "/live",
    "/pictures/{digest}",
    "/map/tiles",
    "/booking-feeds/{company}/{location}/{secret}",
}
NEEDS = EVERYTHING | PLATFORM_STAFF.needs | DRIVER.needs
# What one way alone offers, and why.
API_ALONE = {
    "chargers.adopt": "pages open the form of a new charger with its name",
    "bookings.hold": "operators book at once",
    "bookings.confirm": "operators book at once",
    "bookings.release": "operators book at once",
    "driving_bookings.book": "pages of drivers hold a slot before it is booked",
    "zones.meter": "site meters are read by programs",
}
PAGES_ALONE = {
    "tokens.import_all": "programs put tokens one by one",
    "registration.register": "whoever holds a registration link has no key yet",
    "admin_invitations.join": "whoever holds an invitation link has no key yet",
    "admins.transfer_ownership": "only the owner may, who is a person",
}
COMMAND_LINE_ALONE = {
    "registration.invite": "at the first start",
    "registration.add_person": "for the first admins, without an invitation",
}

_OF_DECIDERS = re.compile(r"eosvolt\.domain\.(\w+)\.(commands|decider)")


def known_deciders(source: str) -> set[str]:
    """The modules with commands and deciders that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module, *(f"{module}.{each.name}" for each in names)}
            case ast.Import(names=names):
                found |= {each.name for each in names}
    return {name for name in found if _OF_DECIDERS.fullmatch(name)}


def modules() -> list[Path]:
    """What people and programs use: pages and API, and the command line."""
    return sorted(path for room in ("adapters/http", "console") for path in (SOURCE / room).rglob("*.py"))


def test_no_page_no_part_of_the_api_and_no_console_command_knows_commands_and_deciders() -> None:
    knowing = {str(path.relative_to(SOURCE)) for path in modules() if known_deciders(path.read_text())}
    assert knowing == set()


@pytest.mark.parametrize(
    "planted",
    [
        "from eosvolt.domain.tokens.commands import PutToken",
        "from eosvolt.domain.tokens import decider",
        "import eosvolt.domain.tokens.decider",
        "def later():\n    from eosvolt.domain.tokens.decider import tokens",
    ],
)
def test_a_module_that_knows_a_decider_is_found_however_it_imports_it(planted: str) -> None:
    assert known_deciders(planted)


def test_events_and_values_may_be_known() -> None:
    allowed = (
        "from eosvolt.domain.tokens.events import TokenStatus\nfrom eosvolt.domain.commands import events"
    )
    assert known_deciders(allowed) == set()


def test_every_operation_names_a_permission_of_the_table() -> None:
    assert [each.name for each in OPERATIONS if each.needs not in NEEDS] == []


def pages() -> list[Route]:
    """Every page, as the site has it."""
    gate = Site().gate
    return page_routes(gate.dependencies, gate)


def writes_of_the_api() -> dict[str, str]:
    """The operation of each route that changes something, by method and path."""
    return {
        f"{each.method} {each.path}": "" if each.operation is None else each.operation.name
        for each in ENDPOINTS
        if each.method not in SAFE_METHODS
        and f"{each.method} {each.path}" not in OF_NOBODY_BY_API | OF_ONESELF_BY_API
    }


def of_a_person(path: str) -> bool:
    """Whether what is sent there is about a person, and nothing of a company's."""
    return path in OF_NOBODY or f"{path}/".startswith(tuple(f"{each}/" for each in OF_ONESELF))


def writes_of_pages(routes: Iterable[Route]) -> dict[str, str]:
    """The operation of each page to which something can be sent, by its path."""
    named = {}
    for route in routes:
        if "POST" in (route.methods or ()) and not of_a_person(route.path):
            operation = route.operation if isinstance(route, PageRoute) else None
            named[route.path] = "" if operation is None else operation.name
    return named


def views(routes: Iterable[Route]) -> dict[str, object]:
    """The permission of each page that can be looked at, by its path."""
    return {
        route.path: route.access.needs if isinstance(route, PageRoute) else None
        for route in routes
        if "GET" in (route.methods or ())
        and route.path not in WITHOUT_PERMISSION
        and not of_a_person(route.path)
    }


def test_every_route_that_changes_something_names_one_operation() -> None:
    known = {each.name for each in OPERATIONS}
    assert set(writes_of_the_api().values()) <= known
    assert set(writes_of_pages(pages()).values()) <= known
    assert [each.path for each in ENDPOINTS if each.method in SAFE_METHODS and each.operation] == []


def test_every_operation_is_offered_by_the_api_and_by_pages_but_for_a_reason() -> None:
    by_api, by_page = set(writes_of_the_api().values()), set(writes_of_pages(pages()).values())
    names = {each.name for each in OPERATIONS}
    assert names - by_api == {*PAGES_ALONE, *COMMAND_LINE_ALONE}
    assert names - by_page == {*API_ALONE, *COMMAND_LINE_ALONE}


def test_every_view_names_the_permission_to_look() -> None:
    looks = [each for each in ENDPOINTS if each.method == "GET"]
    assert {each.path for each in looks if each.needs not in NEEDS} == OF_EVERYBODY_BY_API
    assert {each.path for each in looks if each.everybody} == OF_EVERYBODY_BY_API
    assert [path for path, needs in views(pages()).items() if needs not in NEEDS] == []


def test_a_page_that_names_no_operation_or_no_permission_is_found() -> None:
    async def planted(_: Request) -> Response:
        return Response()

    route = Route("/planted", planted, methods=["GET", "POST"])
    assert writes_of_pages([route]) == {"/planted": ""}
    assert views([route]) == {"/planted": None}


async def test_a_route_cannot_carry_out_another_operation_than_the_one_that_it_names() -> None:
    for named in (None, tokens.issue):
        with pytest.raises(AnotherOperation, match=r"tokens\.change"):
            check_named(named, tokens.change)
    check_named(tokens.change, tokens.change)


def test_every_route_that_changes_something_is_tried_both_ways() -> None:
    """The tests of ``unit/operations`` are made from the table: no route is left out of them."""
    tried = {
        (name, method, path)
        for name, several in WAYS.items()
        for ways in several
        for method, path in ways.asked()
    }
    untried = []
    for written, name in {
        **writes_of_the_api(),
        **{f"PAGE {path}": name for path, name in writes_of_pages(pages()).items()},
    }.items():
        method, _, template = written.partition(" ")
        fits = re.compile(re.sub(r"\{\w+\}", "[^/]+", template))
        if not any(each[:2] == (name, method) and fits.fullmatch(each[2]) for each in tried):
            untried.append(written)
    assert untried == []


def test_operations_are_run_by_the_request_alone_which_compares_them_with_its_route() -> None:
    """One who registers is nobody yet, so that page has no request of somebody who is signed in."""
    web = SOURCE / "adapters" / "http"
    running = {
        str(path.relative_to(web)) for path in web.rglob("*.py") if "operations.run(" in path.read_text()
    }
    assert running == {
        "framework/endpoint.py",
        "web/shell/base_request.py",
        "web/sign_in/page.py",
        "web/users/join.py",
    }


def test_the_web_is_not_given_what_carries_out_commands() -> None:
    assert Application not in {field.type for field in dataclasses.fields(Dependencies)}
    assert [
        path.name
        for path in (SOURCE / "adapters" / "http").rglob("*.py")
        if "application.executor" in path.read_text()
    ] == []
