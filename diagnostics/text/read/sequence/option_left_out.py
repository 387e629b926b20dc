"""Find an AWS CLI call that works once an option is left out: the denied permission is needed for that option only."""

from __future__ import annotations

from collections.abc import Mapping

from diagnostics.failure_details import Sequel
from diagnostics.text.read.sequence.lines_and_commands import FAILS, Paste
from iam.lazy_pattern import regex
from iam.words import joined

_CALL = regex(r"aws [a-z0-9-]+ [a-z][a-z0-9-]+(?= |$)")
_OPTION = regex(r"(?<=\s)--(?P<name>[a-z][a-z0-9-]+)(?:[= ](?P<value>(?!--)[^\n]*?))?(?=\s--[a-z]|$)")
_OF_THE_TRY = frozenset({"dry-run", "no-dry-run", "no-cli-pager", "cli-input-json"})
_FARTHEST = 40
"""The maximum number of lines between a command and a failure that belongs to it."""


def by_left_out(paste: Paste, at: int) -> Sequel | None:
    """Return the options without which the call that failed works in a later command; None if there is no such command.

    The other options have the same values, identity and Region are the same, and no variable is exported in between.
    """
    failed = paste.command_before(at)
    call = _CALL.match(failed.plain) if failed is not None else None
    if failed is None or call is None or at - failed.line > _FARTHEST:
        return None
    options = options_of(failed.plain)
    for again in paste.commands:
        if again.line <= at or not again.plain.startswith(call[0]) or paste.choices(again) != paste.choices(failed):
            continue
        left_out = [f"--{name}" for name in missing_options(options, options_of(again.plain))]
        dry = "DryRunOperation" in (answer := paste.answer(again))
        works = dry or (bool(answer.strip()) and not FAILS.search(answer))
        if left_out and works and not paste.elsewhere(failed.line, again.line):
            return Sequel(left_out=joined(left_out), dry=dry)
    return None


def options_of(command: str) -> dict[str, str]:
    """Return the options of an AWS CLI command, each with its value, without those that only test a call."""
    found = ((each["name"], (each["value"] or "").strip()) for each in _OPTION.finditer(command))
    return {name: value for name, value in found if name not in _OF_THE_TRY}


def missing_options(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Return the options that ``other`` leaves out; empty if it has other options or other values."""
    if any(one.get(name) != value for name, value in other.items()):
        return []
    return [name for name in one if name not in other]


_IN_CODE = regex(r"\.\w+\((?P<given>[^\n]*)\)?")
_NAMED = regex(r"(?<![\w\"'.])(?P<name>[A-Z]\w+) ?(?:=(?!=)|:(?= ?[\w\"'\[{]))")
_NEAR = 3
"""The maximum number of lines between a call in source code and the answer below it."""


def given_in_code(paste: Paste, at: int, after: int = -1) -> frozenset[str] | None:
    """Return the parameters of the SDK call, after line ``after``, to which line ``at`` is the response.

    None if there is no such call. The parameter DryRun is left out.
    """
    near = reversed(paste.lines[max(after + 1, at - _NEAR) : at])
    call = next((found["given"] for line in near if (found := _IN_CODE.search(line)) is not None), None)
    return None if call is None else frozenset(_NAMED.findall(call)) - {"DryRun"}
