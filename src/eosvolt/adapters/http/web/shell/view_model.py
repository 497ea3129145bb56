"""What a template is given: a typed value instead of a loose dictionary."""

from typing import Any, ClassVar

import msgspec


class ViewModel(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what templates are given. A field is a variable of the ``templates``.

    ``parts`` are the models of the parts that a page is put together from, ``frame`` is that of a template
    which the page's one extends, besides those of every page (``EVERY_PAGE``).
    """

    templates: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[type["ViewModel"], ...]] = ()
    frame: ClassVar[type["ViewModel"] | None] = None


# What ``show`` adds to the model of each page.
EVERY_PAGE = ("request", "now", "zone", "notice")


class UndeclaredTemplate(Exception):  # noqa: N818 - a mistake in a view, not an answer to anybody
    """A view renders a template with a model that is not made for it."""


def variables(model: ViewModel, template: str) -> dict[str, Any]:
    """The variables of the template. Raises ``UndeclaredTemplate`` where the model is not made for it."""
    if template not in model.templates:
        raise UndeclaredTemplate(f"{type(model).__name__} is not for {template}")
    return {name: getattr(model, name) for name in model.__struct_fields__}
