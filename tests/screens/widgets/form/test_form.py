"""Forms: rows stay while their owner shows them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from textual.app import App
from textual.widget import Widget

from screens.widgets.form.choice import Choice
from screens.widgets.form.form import Field, FieldKind, Form


class Shown(App[None]):
    def compose(self) -> Iterable[Widget]:
        yield Form()


@pytest.mark.parametrize("kind", [FieldKind.TEXT, FieldKind.DOCUMENT])
async def test_a_field_whose_hint_changes_keeps_the_cursor_and_what_was_typed(kind: FieldKind) -> None:
    """Names to suggest may arrive while the reader types, and the hint then says that there is a list."""
    fields = [Field("first", "First"), Field("service", "Service", kind, hint="for example lambda", needed=True)]
    app = Shown()
    async with app.run_test() as pilot:
        form = app.query_one(Form)
        await form.show(fields, {}, "service")
        await pilot.press("l", "a")
        await form.show([fields[0], replace(fields[1], hint="for example lambda; down: list")], {})
        await pilot.press("m")
        row = form.row("service")
        assert row is not None and not isinstance(row.control, Choice)
        assert form.cursor == "service" and row.value == "lam"
        assert row.control.placeholder == "required, for example lambda; down: list"


@pytest.mark.parametrize("leaves", [False, True])
@pytest.mark.parametrize("anew", [False, True])
async def test_a_cursor_that_is_on_its_way_arrives_although_the_rows_are_replaced(anew: bool, leaves: bool) -> None:
    """Focus comes a message later; what was read meanwhile may replace the rows before it is there.

    It does not come back from where the owner put it meanwhile.
    """
    fields = [Field("first", "First"), Field("name", "Name")]
    app = Shown()
    async with app.run_test() as pilot:
        form = app.query_one(Form)
        await form.show(fields, {})
        form.put_cursor("name")
        if leaves:
            form.let_cursor_go()
            app.set_focus(None)
        await form.show([fields[0], replace(fields[1], label="Name of the role")], {}, anew=anew)
        await pilot.pause()
        assert form.cursor == ("" if leaves else "name")
