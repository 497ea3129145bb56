"""View models: the typed input of templates."""

from typing import Any, ClassVar

import msgspec


class ViewModel(msgspec.Struct, frozen=True, kw_only=True):
    """The base of view models. Each field is a variable of the ``templates``.

    ``parts`` are the models of a page's parts, ``frame`` is that of the template which the page's template
    extends. All pages also have the variables ``EVERY_PAGE``.
    """

    templates: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[type["ViewModel"], ...]] = ()
    frame: ClassVar[type["ViewModel"] | None] = None


# The variables that ``show`` adds to the model of each page.
EVERY_PAGE = ("request", "now", "zone", "notice")


class UndeclaredTemplate(Exception):  # noqa: N818 - a mistake in a view, not an answer to anybody
    """A view renders a template that its model does not declare."""


def variables(model: ViewModel, template: str) -> dict[str, Any]:
    """The variables of the template. Raises ``UndeclaredTemplate`` if the model does not declare it."""
    if template not in model.templates:
        raise UndeclaredTemplate(f"{type(model).__name__} is not for {template}")
    return {name: getattr(model, name) for name in model.__struct_fields__}
