"""Windows: what they answer before they are shown, and which keys choose a line of a menu."""

from __future__ import annotations

from textual.app import App

from screens.widgets.footer import Footer
from screens.widgets.modal import Menu, MenuChoice


def test_a_menu_that_is_not_shown_yet_has_nothing_chosen() -> None:
    assert Menu("Copy", [MenuChoice("0", "name")]).chosen is None


async def test_enter_after_an_unknown_letter_chooses_no_line() -> None:
    answers: list[str | None] = []
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        choices = [MenuChoice("trust", "edit the trust policy", key="t"), MenuChoice("tags", "edit tags", key="x")]

        def text() -> str:
            return app.screen.query_one(Footer).sentence

        for keys, said, answer in (
            (("o",), "No line has the key o.", None),
            (
                ("o", "enter"),
                "Nothing was done, because o is not a key here. Press enter again to choose the marked line.",
                None,
            ),
            (("o", "enter", "enter"), "", "trust"),
            (("o", "down", "enter"), "", "tags"),
            (("o", "t"), "", "trust"),
            (("enter",), "", "trust"),
        ):
            answers.clear()
            app.push_screen(Menu("Change it", choices), answers.append)
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            assert answers == ([answer] if answer else [])
            if said:
                assert said in text()
                await pilot.press("escape")
                await pilot.pause()
