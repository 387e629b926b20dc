"""The parser of the command line."""

from __future__ import annotations

import pytest

from tui.arguments.parser import build_parser


@pytest.mark.parametrize(
    "arguments",
    [
        ["--demo", "diagnose", "text"],
        ["diagnose", "--demo", "text"],
        ["--as", "carla", "--demo", "diagnose", "text"],
        ["diagnose", "text", "--demo", "--as", "carla"],
    ],
)
def test_account_options_stand_before_or_after_the_command(arguments: list[str]) -> None:
    options = build_parser().parse_args(arguments)
    assert options.demo is True
    assert options.text == "text"
    assert options.as_user == ("carla" if "--as" in arguments else None)


def test_without_a_command_the_screen_opens() -> None:
    assert build_parser().parse_args([]).module == "tui.start"
