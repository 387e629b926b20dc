"""Windows: what they answer before they are shown."""

from __future__ import annotations

from screens.widgets.modal import Menu, MenuChoice


def test_a_menu_that_is_not_shown_yet_has_nothing_chosen() -> None:
    assert Menu("Copy", [MenuChoice("0", "name")]).chosen is None
