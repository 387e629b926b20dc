"""A slice of `tests.support.driving.cuts`: what ends the command from outside leaves no process and a sound journal."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.support.driving.cuts import STATES, one

if TYPE_CHECKING:
    from iam.demo.aws.world import World


@pytest.mark.parametrize(
    ("state", "way"),
    [
        ("unread", "close"),
        ("idle", "stopped, SIGTERM"),
        ("sign-in", "SIGTERM"),
        ("editor", "SIGTERM"),
        ("shell", "stopped, close"),
    ],
)
def test_nothing_is_left_after_five_seconds(state: str, way: str, demo_world: World) -> None:
    _, wrong = one(state, way, Random(3), demo_world)
    assert not wrong


def test_every_state_is_one_that_the_module_names() -> None:
    assert {"idle", "busy", "unread", "plan", "sign-in", "editor", "shell"} <= set(STATES)
