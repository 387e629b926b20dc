"""One key has one meaning on every screen, and the ids of the release before keep working in a keymap."""

from __future__ import annotations

from pathlib import Path

from textual.binding import Binding

import tui.app  # noqa: F401  # its commands are of every screen
from screens.commands import Command, Commanded
from screens.key_table import EVERYWHERE, MEANINGS, TABLE
from screens.widgets.footer import key_name
from tests.support.driving.seeing import running, seen
from tui.configuration import Configuration
from tui.keys import RENAMED, command_ids, declaring, keymap_warnings, with_present_ids

PREVIOUS = Path(__file__).with_name("previous_ids.txt").read_text("utf-8").split()
CONTRACT = (
    "a use, d diagnose, w who, l last, h history, B blame, m change, o edit, t tags, n new, x delete, v policy, "
    "p make, u undo, U who, i give, c compare, space mark, b words, I all, z accept, f fixes, s sort, S sort, "
    "A assumptions, F saved, K glossary, 0 Start, 1 Roles, 2 Diagnose, 3 Create, 4 Review, 5 Activity, ? help, "
    "/ filter, : every, y copy, e export, r refresh, P profile, ! what, q quit"
)
"""Each key and the first word of what it means."""
IN_A_WINDOW = ("This window", "Forms")
"""Letters there choose a line of a window or change a field."""


def _commands() -> list[Command]:
    command_ids()  # loads every screen
    return [command for owner in declaring(Commanded) for command in owner.DECLARED]


def _keys(command: Command) -> list[str]:
    return [key_name(binding.key) for binding in Binding.make_bindings([command.binding()])]


def test_every_command_runs_a_method_of_its_owner() -> None:
    command_ids()  # loads every screen
    actions = [(owner, command.binding().action.partition("(")[0])
               for owner in declaring(Commanded) for command in owner.DECLARED]  # fmt: skip
    assert len(actions) > 500
    assert [(owner, name) for owner, name in actions if not hasattr(owner, f"action_{name}")] == []


def test_the_table_is_the_contract() -> None:
    means = {each.key: each.means for each in TABLE}
    assert len(means) == len(TABLE)
    for line in CONTRACT.split(", "):
        key, word = line.split()
        assert means[key].split()[0].strip(",;") == word, key


def test_a_key_means_the_same_on_every_screen() -> None:
    allowed = {each.key: each.commands for each in TABLE}
    declared = [command for command in _commands() if command.group not in IN_A_WINDOW]
    wrong = {
        f"{command.id} is on {key}"
        for command in declared
        for key in _keys(command)
        if (len(key) == 1 or key in allowed) and command.id not in allowed.get(key, ())
    }
    assert wrong == set()


def test_every_command_of_the_table_has_its_key() -> None:
    keys: dict[str, set[str]] = {}
    for command in _commands():
        keys.setdefault(command.id, set()).update(_keys(command))
    assert [(each.key, id) for each in TABLE for id in each.commands if each.key not in keys.get(id, ())] == []
    assert not {each.key for each in EVERYWHERE} & {each.key for each in MEANINGS}


def test_ids_of_the_release_before_keep_working_and_say_their_new_name() -> None:
    known = command_ids()
    lost = [id for id in PREVIOUS if id not in known and RENAMED.get(id) not in known]
    assert lost == []
    old = {id: "f9" for id in PREVIOUS if id not in known}
    assert old and set(with_present_ids(old)) == {RENAMED[id] for id in old}
    for id, sentence in zip(old, keymap_warnings(old), strict=True):
        assert sentence.endswith(f"keymap.{id} is now called keymap.{RENAMED[id]}.")


async def test_a_command_without_a_key_takes_one_from_the_keymap() -> None:
    async with running(configuration=Configuration(keymap={"app.history": "f9"})) as pilot:
        await seen(pilot, "sorted by name")
        await pilot.press("f9")
        await seen(pilot, "History")
