"""The key ``F`` in the role list: choose a saved filter, or save the current one under a name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from diagnostics.roles.saved_filters import SavedFiltersError, read_filters, write_filters
from screens.frame.base import BaseScreen
from screens.widgets.modal import Menu, MenuChoice, Prompt

_SAVE, _DELETE = "\0save", "\0delete"


def choose_filter(screen: BaseScreen, path: Path, words: str, take: Callable[[str], None]) -> None:
    """Show the saved filters in a window over the screen.

    ``words`` is the current filter; ``take`` is called with the chosen one.
    """
    try:
        filters = dict(read_filters(path))
    except SavedFiltersError as error:
        screen.say(str(error), trouble=True)
        return
    choices = [MenuChoice(name, name, saved) for name, saved in filters.items()]
    if words.strip():
        choices.append(MenuChoice(_SAVE, "Save this filter ...", words))
    if filters:
        choices.append(MenuChoice(_DELETE, "Delete a saved filter ..."))
    if not choices:
        screen.say("No filter is saved yet: press / to type one, then F to save it.")
        return

    def chosen(name: str | None) -> None:
        if name == _SAVE:
            screen.app.push_screen(
                Prompt("Save this filter", "", f"a name for {words}", typed=screen.session.typed), named
            )
        elif name == _DELETE:
            doomed = [MenuChoice(each, each, saved) for each, saved in filters.items()]
            screen.app.push_screen(Menu("Delete a saved filter", doomed), deleted)
        elif name is not None:
            take(filters[name])

    def named(name: str | None) -> None:
        if name and name.strip():
            write({**filters, name.strip(): words}, f"Saved as {name.strip()}: F lists it.")

    def deleted(name: str | None) -> None:
        if name is not None:
            write({each: saved for each, saved in filters.items() if each != name}, f"Deleted {name}.")

    def write(changed: dict[str, str], said: str) -> None:
        try:
            write_filters(path, changed)
        except SavedFiltersError as error:
            screen.say(str(error), trouble=True)
        else:
            screen.say(said)

    screen.app.push_screen(Menu("Saved filters", choices), chosen)
