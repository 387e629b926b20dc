"""The filter over a list."""

from __future__ import annotations

from textual import events

from screens.widgets.form.line_input import LineInput
from screens.widgets.table import VirtualTable


class FilterInput(LineInput):
    """Down, enter and tab go to the screen's list."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ("down", "enter", "tab"):
            event.prevent_default()
            event.stop()
            self.screen.set_focus(self.screen.query(VirtualTable).first())
            return
        await super()._on_key(event)
