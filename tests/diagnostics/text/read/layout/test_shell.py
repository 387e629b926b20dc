"""Prompts, profiles and words of success in what a terminal shows."""

from __future__ import annotations

import re

import pytest

from diagnostics.text.read.layout.shell import PROFILE_OPTION, PROFILE_VARIABLE, PROMPT, UNQUOTED_PROMPT, WORKED


@pytest.mark.parametrize("line", ["$ aws s3 ls", "me@host:~/app# aws s3 ls", "PS C:\\app> aws s3 ls"])
def test_a_prompt_ends_where_the_command_begins(line: str) -> None:
    found = re.match(PROMPT, line)
    assert found is not None
    assert line[found.end() :] == "aws s3 ls"


def test_a_quoted_line_has_no_prompt() -> None:
    assert re.match(PROMPT, "> An error occurred")
    assert not re.match(UNQUOTED_PROMPT, "> An error occurred")


@pytest.mark.parametrize(
    ("pattern", "text", "name"),
    [
        (PROFILE_OPTION, "aws s3 ls --profile work", "work"),
        (PROFILE_OPTION, "aws s3 ls --profile=work", "work"),
        (PROFILE_OPTION, "aws s3 ls --profile $WHICH", None),
        (PROFILE_VARIABLE, 'export AWS_PROFILE="work"', "work"),
        (PROFILE_VARIABLE, "AWS_DEFAULT_PROFILE=work aws s3 ls", "work"),
    ],
)
def test_the_profile_is_its_name(pattern: re.Pattern[str], text: str, name: str | None) -> None:
    found = pattern.search(text)
    assert (found["name"] if found else None) == name


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("it works", True),
        ("that was fine", True),
        ("it doesn't work", False),
        ("it does not work", False),
        ("it no longer works", False),
        ("it never worked", False),
    ],
)
def test_denied_success_is_none(text: str, worked: bool) -> None:
    assert bool(re.search(rf"\b{WORKED}\b", text)) is worked
