"""What templates name, as their syntax trees say: variables, other templates, attributes of typed values."""

import types
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import msgspec
from jinja2 import nodes
from jinja2.meta import find_undeclared_variables

from eosvolt.adapters.http.web.shell import rendering
from eosvolt.adapters.http.web.shell.view_model import ViewModel

ENVIRONMENT = rendering._ENVIRONMENT
GLOBALS = frozenset(ENVIRONMENT.globals)
NAMES = frozenset(ENVIRONMENT.list_templates(extensions=["html"]))
_REFERENCES = (nodes.Include, nodes.Extends, nodes.FromImport, nodes.Import)


@cache
def tree(template: str) -> nodes.Template:
    assert ENVIRONMENT.loader is not None
    source, _, _ = ENVIRONMENT.loader.get_source(ENVIRONMENT, template)
    return ENVIRONMENT.parse(source)


def references(template: str) -> Iterator[tuple[str, bool]]:
    """The templates that it names, and whether they see its variables."""
    for node in tree(template).find_all(_REFERENCES):
        named = node.template  # type: ignore[attr-defined]  # all four kinds have one
        assert isinstance(named, nodes.Const), f"{template} names a template that only a run can tell"
        yield named.value, getattr(node, "with_context", True)


def with_all_it_names(template: str) -> set[str]:
    """The template, and those that are in it however deep."""
    found, left = set[str](), [template]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [other for other, _ in references(name)]
    return found


def _own(template: str) -> set[str]:
    """What the template itself imports, defines and sets, and what those that it extends set for it."""
    names = {node.name for node in tree(template).find_all(nodes.Name) if node.ctx == "store"}
    for given in tree(template).find_all(nodes.With):
        names |= {target.name for target in given.targets if isinstance(target, nodes.Name)}
    names |= {macro.name for macro in tree(template).find_all(nodes.Macro)}
    for imported in tree(template).find_all(nodes.FromImport):
        names |= {each if isinstance(each, str) else each[1] for each in imported.names}
    for parent in tree(template).find_all(nodes.Extends):
        if isinstance(parent.template, nodes.Const):
            names |= _set_for_blocks(parent.template.value)
    return names


def _set_for_blocks(template: str) -> set[str]:
    """What a template sets before any of its blocks, also for those of templates that extend it."""
    return {
        node.target.name
        for node in tree(template).body
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name)
    }


@cache
def variables(template: str) -> frozenset[str]:
    """The variables that somebody has to give to the template, and to those in it."""
    own = _own(template)
    named = find_undeclared_variables(tree(template)) - GLOBALS - own
    for other, sees in references(template):
        if sees:
            named |= variables(other) - own
    return frozenset(named)


def _alternatives(kind: object) -> Sequence[Any]:
    """The types that a value may have, but for ``None``."""
    many = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    return [each for each in many if each is not type(None)]


def _has(kind: Any, attribute: str) -> bool:
    return hasattr(kind, attribute) or attribute in _fields(kind)


@cache
def _fields(kind: Any) -> Mapping[str, object]:
    try:
        return get_type_hints(kind)
    except (NameError, TypeError):
        return {}


def _returned(kind: Any, attribute: str) -> object:
    """The type of an attribute; ``None`` where nothing tells it."""
    if attribute in _fields(kind):
        return _fields(kind)[attribute]
    member = getattr(kind, attribute, None)
    return get_type_hints(member.fget).get("return") if isinstance(member, property) else None


def _item(kind: object) -> object:
    arguments = get_args(kind)
    origin = get_origin(kind)
    if origin is tuple and (len(arguments) != 2 or arguments[1] is not Ellipsis):
        return None
    return arguments[0] if origin and arguments and issubclass(origin, Sequence) else None


class Typing:
    """Types of a template's names, as far as its model and its own assignments tell them."""

    def __init__(self, template: str, known: Mapping[str, object]) -> None:
        self.known = dict(known)
        self.wrong: list[str] = []
        self.checked = 0
        self.template = template
        self._bind()
        self._check()

    def _bind(self) -> None:
        """Loops and assignments; a name that stands for two things is not judged."""
        bound: dict[str, list[nodes.Node | None]] = {}
        loops = list[nodes.Node]()
        for loop in tree(self.template).find_all(nodes.For):
            if isinstance(loop.target, nodes.Name):
                bound.setdefault(loop.target.name, []).append(loop.iter)
                loops.append(loop.iter)
            for name in loop.target.find_all(nodes.Name):
                bound.setdefault(name.name, []).append(None)
        for given in tree(self.template).find_all(nodes.Assign):
            if isinstance(given.target, nodes.Name):
                bound.setdefault(given.target.name, []).append(given.node)
        for name in tree(self.template).find_all(nodes.Name):
            if name.ctx in {"store", "param"}:
                bound.setdefault(name.name, [None])
        for bound_name, many in bound.items():
            self.known.pop(bound_name, None)
            if len(many) == 1 and many[0] is not None:
                kind = self.kind(many[0])
                self.known[bound_name] = _item(kind) if many[0] in loops else kind

    def kind(self, node: nodes.Node) -> object:
        """The type of an expression; ``None`` where nothing tells it."""
        match node:
            case nodes.Name(name=name):
                return self.known.get(name)
            case nodes.Getattr(node=inner, attr=attribute):
                kinds = _alternatives(self.kind(inner))
                return _returned(kinds[0], attribute) if len(kinds) == 1 else None
            case _:
                return None

    def _check(self) -> None:
        for node in tree(self.template).find_all(nodes.Getattr):
            for kind in _alternatives(self.kind(node.node)):
                if isinstance(kind, type) and (
                    issubclass(kind, msgspec.Struct | tuple) or _fields(cast("Any", kind))
                ):
                    self.checked += 1
                    if not _has(kind, node.attr):
                        self.wrong.append(
                            f"{self.template}:{node.lineno}: {kind.__name__} has no {node.attr}"
                        )


def kinds_of(*models: type[ViewModel]) -> dict[str, object]:
    """The types of all fields; a name that two models type otherwise is not judged."""
    known: dict[str, object] = {}
    for model in models:
        hints = get_type_hints(model)
        for name in model.__struct_fields__:
            known[name] = hints[name] if known.get(name, hints[name]) == hints[name] else None
    return known
