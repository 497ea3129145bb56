"""Templates are given typed view models: every variable is a field, and every field is used."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import NamedTuple

import pytest
from jinja2 import ChoiceLoader, DictLoader

from eosvolt.adapters.http import web
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.view_model import (
    EVERY_PAGE,
    UndeclaredTemplate,
    ViewModel,
)
from eosvolt.adapters.http.web.shell.view_model import (
    variables as given_by,
)
from eosvolt.adapters.http.web.tokens.view_models import TokenRows
from eosvolt.projections.session_row import SessionRow
from tests.architecture.templates import (
    ENVIRONMENT,
    NAMES,
    Typing,
    kinds_of,
    tree,
    variables,
    with_all_it_names,
)

# Pages for whoever is not signed in are given their model alone.
NOT_SIGNED_IN = {"ErrorPage", "SignInPage", "RegisterPage", "NoRegistrationPage", "ApiReferencePage"}


class Rendered(NamedTuple):
    """A template and the models whose fields are its variables."""

    template: str
    models: tuple[type[ViewModel], ...]

    @property
    def given(self) -> set[str]:
        page = self.models[0]
        always = () if page.__name__ in NOT_SIGNED_IN else EVERY_PAGE
        return {*always, *(name for model in self.models for name in model.__struct_fields__)}


@cache
def models() -> list[type[ViewModel]]:
    """The view models of all pages."""
    for module in walk_packages(web.__path__, f"{web.__name__}."):
        import_module(module.name)
    return sorted(ViewModel.__subclasses__(), key=lambda model: model.__name__)


def pages() -> list[type[ViewModel]]:
    inner = {part for model in models() for part in model.parts} | {model.frame for model in models()}
    return [model for model in models() if model not in inner]


def rendered() -> Iterator[Rendered]:
    """Every template of a view model, alone as a part of its page and as the page."""
    for page in pages():
        around = (page,) if page.frame is None else (page, page.frame)
        for template in page.templates:
            yield Rendered(template, (*around, *page.parts))
        for part in page.parts:
            for template in part.templates:
                yield Rendered(template, (*around, part))


def test_every_variable_of_a_template_is_a_field_of_its_view_models() -> None:
    missing = {
        f"{each.template} of {each.models[0].__name__}": left
        for each in rendered()
        if (left := variables(each.template) - each.given)
    }
    assert missing == {}


def test_every_field_of_a_view_model_is_a_variable_of_its_templates() -> None:
    unused = {}
    for page in pages():
        tied = (page, *page.parts, *(() if page.frame is None else (page.frame,)))
        named = {name for model in tied for template in model.templates for name in variables(template)}
        for model in tied:
            if left := set(model.__struct_fields__) - named:
                unused[model.__name__] = left
    assert unused == {}


def test_every_attribute_that_a_template_looks_at_is_one_of_its_values_type() -> None:
    wrong, checked = set[str](), 0
    for each in rendered():
        known: dict[str, object] = {"request": PageRequest} | kinds_of(*each.models)
        for template in with_all_it_names(each.template):
            typing = Typing(template, known)
            wrong |= set(typing.wrong)
            checked += typing.checked
    assert wrong == set()
    assert checked > 2000


def test_every_template_is_rendered_by_a_view_or_is_in_one_that_is() -> None:
    roots = {template for model in models() for template in model.templates}
    assert set().union(*map(with_all_it_names, roots)) == NAMES


def test_every_template_has_one_view_model() -> None:
    named = [template for model in models() for template in model.templates]
    assert sorted(named) == sorted(set(named))


def test_macros_that_do_not_see_the_variables_of_a_page_need_none() -> None:
    assert variables("shell/macros.html") == frozenset()


def test_a_view_model_is_not_for_the_template_of_another_one() -> None:
    rows = TokenRows(rows=(), people={}, cursor=None, states={})
    with pytest.raises(UndeclaredTemplate, match=r"TokenRows is not for sessions/page\.html"):
        given_by(rows, "sessions/page.html")


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A template that names what nobody gives and looks at what is not there."""
    text = """{% extends "shell/page.html" %}{% block content %}
        {{ row.number }} {{ row.numbr }} {% for line in table.lines %}{{ line.prize }}{% endfor %} {{ stray }}
    {% endblock %}"""
    assert ENVIRONMENT.loader is not None
    monkeypatch.setattr(
        ENVIRONMENT, "loader", ChoiceLoader([DictLoader({"planted.html": text}), ENVIRONMENT.loader])
    )
    yield "planted.html"
    tree.cache_clear()
    variables.cache_clear()


def test_a_missing_variable_is_found(planted: str) -> None:
    assert variables(planted) - {*EVERY_PAGE, "page"} == {"row", "table", "stray"}


def test_an_attribute_that_a_type_does_not_have_is_found(planted: str) -> None:
    assert Typing(planted, {"row": SessionRow, "table": SessionTable | None}).wrong == [
        "planted.html:2: SessionRow has no numbr",
        "planted.html:2: SessionLine has no prize",
    ]
