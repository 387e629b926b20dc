"""What escape does on a screen with a list."""

import pytest

from screens.frame.list_screen import ListScreen


class Screen(ListScreen):
    """A screen that records what escape did, without a terminal."""

    def __init__(self, *, working: bool, filtered: bool) -> None:
        self.working, self.filtered, self.left = working, filtered, False

    @property
    def state(self) -> tuple[bool, bool, bool]:
        return self.working, self.filtered, self.left

    def stop_work(self) -> bool:
        self.working, stopped = False, self.working
        return stopped

    def leave_filter(self) -> bool:
        self.filtered, shown_in_part = False, self.filtered
        return shown_in_part

    def unmark(self) -> bool:
        return False

    def leave(self) -> None:
        self.left = True


@pytest.mark.parametrize(
    ("working", "filtered", "states"),
    [
        (True, True, [(False, True, False), (False, False, False), (False, False, True)]),
        (True, False, [(False, False, False), (False, False, True)]),
        (False, True, [(False, False, False), (False, False, True)]),
        (False, False, [(False, False, True)]),
    ],
)
def test_escape_stops_work_then_leaves_the_filter_then_the_screen(
    *, working: bool, filtered: bool, states: list[tuple[bool, bool, bool]]
) -> None:
    screen = Screen(working=working, filtered=filtered)
    for state in states:
        screen.action_back()
        assert screen.state == state
