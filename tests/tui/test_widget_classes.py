"""What is made of a class is what Textual makes of it."""

from __future__ import annotations

from collections.abc import Iterator

import textual.widgets
from textual.dom import DOMNode

import screens.role.screen
import screens.roles.screen
import tui.app
from tui.widget_classes import _init_subclass

HERE = (screens.role.screen.RoleScreen, screens.roles.screen.RolesScreen, tui.app.RolescopeApp, textual.widgets.Input)


def below(cls: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for each in cls.__subclasses__():
        yield each
        yield from below(each)


def made(cls: type[DOMNode]) -> tuple[object, ...]:
    keys = cls._merged_bindings.key_to_bindings if cls._merged_bindings else {}
    in_order = (list(cls._reactives), list(keys))
    return cls._reactives, cls._computes, cls._css_type_name, cls._css_type_names, keys, in_order


def test_every_class_is_the_same() -> None:
    classes = dict.fromkeys(below(DOMNode))
    assert set(HERE) <= set(classes)
    for cls in classes:
        by_textual = made(cls)
        _init_subclass(cls, cls._inherit_css, cls._inherit_bindings, cls._inherit_component_classes)
        assert made(cls) == by_textual, cls
