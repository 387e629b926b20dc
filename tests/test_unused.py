"""Whatever an extension defines is used: a rule, a cause or a fix that its table lacks would never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("iam", "diagnostics", "screens", "tui")
FOLDERS = (
    "diagnostics/access_denied",
    "diagnostics/already_exists",
    "diagnostics/review",
    "diagnostics/text/causes",
    "diagnostics/text/read",
    "iam/changes",
    "iam/gate",
    "iam/policy",
    "iam/risks",
)
"""Where a definition runs only because another module names it, most often in a table."""

NAMED_OTHERWISE = {
    "OPERATIONS",  # `iam.changes.operations.table` takes it from each module
    "needs_of",  # tests ask for the permissions of a plan
    "unfinished",  # tests ask for the unfinished plans of a journal
}
_IMPORT = re.compile(r"^\s*from ([\w.]+) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"(?<![\w.])(\w+)\.(\w+)")


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def named_elsewhere() -> frozenset[tuple[str, str]]:
    """Return each module with a name that another module imports, or takes as an attribute of the imported module."""
    found: set[tuple[str, str]] = set()
    for path in (each for package in PACKAGES for each in (ROOT / package).rglob("*.py")):
        text = path.read_text("utf-8")
        modules: dict[str, str] = {}
        for package, several, one in _IMPORT.findall(text):
            for each in re.sub(r"#.*", "", several or one).split(","):
                name, _, alias = each.strip().partition(" as ")
                found.add((package, name))
                modules[alias or name] = f"{package}.{name}"
        found |= {(modules[owner], name) for owner, name in _ATTRIBUTE.findall(text) if owner in modules}
    return frozenset(found)


def unused(module: str, tree: ast.Module) -> Iterator[str]:
    """Yield the functions, classes and values of a module that nothing but their own definition names."""
    loads = [
        (at, node.id)
        for at, statement in enumerate(tree.body)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]
    for at, statement in enumerate(tree.body):
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                pass
            case _:
                continue
        here = any(where != at and loaded == name for where, loaded in loads)
        if not (here or (module, name) in named_elsewhere() or name in NAMED_OTHERWISE or name.startswith("__")):
            yield f"{module}: {name}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_defined_is_used(folder: str) -> None:
    modules = sorted((ROOT / folder).rglob("*.py"))
    assert modules
    assert [name for path in modules for name in unused(dotted(path), ast.parse(path.read_text("utf-8")))] == []


def test_a_rule_without_its_row_is_unused() -> None:
    rule = "def rule(signs): yield rule_text\nrule_text = 'x'\n"
    assert list(unused("a.b", ast.parse(rule))) == ["a.b: rule"]
    assert list(unused("a.b", ast.parse(rule + "RULES = (rule,)\nprint(RULES)"))) == []
