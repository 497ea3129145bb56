"""One name, one concept: no public class name is defined in two modules.

Whoever searches for a class finds the one that is meant. A port has another name than what implements it, and
the input of an operation another one than the body of the API's request.
"""

import ast
from collections import defaultdict

from tests.architecture.source_tree import ROOT, text, tracked

SOURCES = {
    str(path): text(path)
    for path in tracked()
    if path.suffix == ".py" and (ROOT / path).is_relative_to(ROOT / "src")
}


def defined_twice(sources: dict[str, str]) -> dict[str, list[str]]:
    """The public names of classes that several modules define, with these modules."""
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for path, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules[node.name].append(path)
    return {name: paths for name, paths in modules.items() if len(paths) > 1}


def test_no_class_name_is_defined_in_two_modules() -> None:
    assert defined_twice(SOURCES) == {}


def test_a_name_of_two_classes_would_be_found() -> None:
    sources = {"a.py": "class Entry: ...\nclass _Row: ...", "b.py": "class Entry: ...\nclass _Row: ..."}
    assert defined_twice(sources) == {"Entry": ["a.py", "b.py"]}
