"""Leave out the check of a cause if the text shows that the check was made."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Denial, Failure
from diagnostics.text.read.one_message import is_alone

if TYPE_CHECKING:
    from diagnostics.text.read.printed_values import Output

_ABOUT_THE_OUTPUT = ("query", "output", "profile", "no-cli-pager")
"""Options that do not change what a command asks."""


def without_made_checks(looks: tuple[FirstLook, ...], failure: Failure) -> tuple[FirstLook, ...]:
    """Return the causes without the checks whose command and output are in the text, for the same values.

    The result of ``get-caller-identity`` depends on where it is called, so that check stays if another program failed.
    """
    if is_alone(failure):
        return looks
    from diagnostics.text.read.printed_values import outputs  # AWS's message alone contains no command

    text = (failure.pasted if isinstance(failure, Denial) else "") or failure.text
    made = outputs(text)
    if not made:
        return looks
    return tuple(
        replace(look, check=None) if look.check and any(_answers(each, look.check) for each in made) else look
        for look in looks
    )


def _answers(made: Output, check: str) -> bool:
    """Whether a command in the text asked for everything that the check asks for, with the same values."""
    try:
        words = shlex.split(check)
    except ValueError:
        return False
    if words[:3] != [made.program, made.service, made.operation] or made.operation == "get-caller-identity":
        return False
    asked: dict[str, str] = {}
    for word, value in zip(words[3:], [*words[4:], ""], strict=False):
        if word.startswith("--"):
            asked[word[2:]] = value
    if made.options.get("query", "") not in ("", asked.get("query")):
        return False
    asked = {name: value for name, value in asked.items() if name not in _ABOUT_THE_OUTPUT}
    had = {name: value for name, value in made.options.items() if name not in _ABOUT_THE_OUTPUT}
    return all(had.get(name) == value or (name == "region" and name not in had) for name, value in asked.items())
