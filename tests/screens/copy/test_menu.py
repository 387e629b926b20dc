"""A key of the copy menu means one thing: showing, masking and closing are not the keys of something to copy."""

from __future__ import annotations

import ast
from itertools import chain
from pathlib import Path

import screens
from screens.copy.menu import CopyMenu
from screens.plan.forms import FORMS

SCREENS = Path(next(iter(screens.__path__)))


def _keys_of_copies() -> dict[str, str]:
    """Each key that a ``Copy`` is given in the source, and where."""
    found: dict[str, str] = {}
    for path in sorted(SCREENS.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "Copy" in text else ():
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Copy"
            if named and isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                found[str(node.args[0].value)] = f"{path.relative_to(SCREENS)}:{node.lineno}"
    return found


def test_no_copy_has_a_key_of_the_menu() -> None:
    copies = _keys_of_copies()
    assert len(copies) > 10
    of_the_menu = set(chain.from_iterable(command.keys.split(",") for command in CopyMenu.DECLARED))
    assert {"v", "M"} <= of_the_menu
    assert {key: copies[key] for key in of_the_menu & copies.keys()} == {}
    assert [each.id for each in FORMS.values() if each.key in of_the_menu] == []
