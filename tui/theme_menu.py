"""The menu of themes. Each is previewed while the cursor is on it."""

from __future__ import annotations

from collections.abc import Sequence

from screens.widgets.modal import Menu, MenuChoice
from screens.widgets.table import VirtualTable


class ThemeMenu(Menu):
    """A menu to select a theme.

    The highlighted theme is previewed; leaving without a choice restores the previous one.
    """

    def __init__(self, names: Sequence[str], present: str, own: str) -> None:
        """Create the menu. ``present`` is the current theme, ``own`` the theme with the terminal's own colors."""
        detail = "the terminal's own colours"
        super().__init__("Theme", [MenuChoice(name, name, detail if name == own else "") for name in names])
        self._former = present

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(VirtualTable).go_to(self._former)

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        super().on_virtual_table_moved(message)
        if message.row is not None:
            self.app.theme = message.row.id

    def action_close(self) -> None:
        self.app.theme = self._former
        super().action_close()
