"""Find the Region of each failing line of a log that calls several Regions, and what shows the state of Regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from diagnostics.failure import Failure, OtherFailure, Trouble
from diagnostics.text.read.sequence.lines_and_commands import FAILS
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, is_known_region

_IN_A_NAME = regex(r"\barn:\S+|https?://\S+|[\w-]+(?:\.[\w-]+)+\.(?:com|aws)\b")
"""ARNs and hosts, whose Region need not be that of the call."""
_REGION = regex(rf"(?<![\w.-]){REGION_NAME}(?![\w-])")
_BEGINS_A_CALL = regex(
    rf"(?:\b\w+ing\b|\b(?:check|scan|start|try|use|visit)\w*\b|\bregion\b)[^\n]{{0,60}}?{REGION_NAME}[\W_]*$"
    rf"|^[\W\d]*{REGION_NAME}[\W_]*$",
    re.IGNORECASE,
)
"""A line of progress with which a program begins its calls in a Region."""
_ENDS = regex(r"^\s*$|^[\w@~:./ -]{0,40}[$#%] ")
"""An empty line or a prompt: the lines above belong to something else."""
_MOST_LINES = 14
"""The maximum number of lines between a log record's first line and its last, such as those of a traceback."""
_CODE = regex(r"\bAn error occurred \((?P<code>[\w.]+)\)|\b(?P<name>[A-Z]\w+(?:Exception|Failure|Error)): ")
_STATES = regex(r"\baws\b[^\n]{0,80}\b(?:describe-regions|get-region-opt-status|list-regions)\b")
_SAID_STATE = regex(rf"{REGION_NAME}\b[^\n]{{0,80}}\b(?:enabled|disabled|opted)\b", re.IGNORECASE)


def region_of_line(lines: Sequence[str], number: int) -> str:
    """Return the Region of the call that a failing line is about; "" if the lines do not show it.

    The Region is in the line itself, or in a line of the same record above it, such as the line before a traceback.
    """
    for at in range(number, max(-1, number - _MOST_LINES), -1):
        line = lines[at]
        if at != number and (_ENDS.match(line) or _CODE.search(line)):
            return ""
        named = {each for each in _REGION.findall(_IN_A_NAME.sub(" ", line)) if is_known_region(each)}
        if len(named) == 1 and (at == number or FAILS.search(line) or _BEGINS_A_CALL.search(line)):
            return str(named.pop())
        if named:
            return ""
    return ""


def failing_regions(text: str, words: str) -> tuple[str, ...]:
    """Return the Regions, in order, of the calls whose failing lines match the pattern ``words``."""
    lines = text.splitlines()
    fails = re.compile(words, re.IGNORECASE)
    found = (region_of_line(lines, number) for number, line in enumerate(lines) if fails.search(line))
    return tuple(dict.fromkeys(each for each in found if each))


def fails_in_several(text: str) -> bool:
    """Return whether a log has failures of calls in several Regions."""
    return len(failing_regions(text, _CODE.pattern)) > 1


def with_regions_beside(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures; those of credentials also have the lines that name their Regions and these Regions' state.

    One program may call many Regions, and fail in those that are not enabled.
    """
    if not fails_in_several(text) and not _STATES.search(text):
        return found
    states = _states(text)
    return [
        replace(each, text=_with_lines(each, text, states))
        if isinstance(each, OtherFailure) and each.trouble is Trouble.CREDENTIALS and each.code
        else each
        for each in found
    ]


def _with_lines(failure: OtherFailure, text: str, states: str) -> str:
    lines = text.splitlines()
    code = failure.code or ""
    named = [
        f"ERROR region {region}: {line.strip()}"
        for number, line in enumerate(lines)
        if code in line and (region := region_of_line(lines, number))
    ]
    added = "\n".join((*named, "", states)) if named else states
    return f"{failure.text}\n\n{added}" if added.strip() else failure.text


def _states(text: str) -> str:
    """Return the commands that print the state of Regions, with their output, and what the author says about it."""
    lines = text.splitlines()
    printed = lines_of_states(lines)
    return "\n".join(line for at, line in enumerate(lines) if at in printed or _SAID_STATE.search(line))


def lines_of_states(lines: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines in which a command prints the state of Regions, with its output."""
    found: set[int] = set()
    for at, line in enumerate(lines):
        if _STATES.search(line) or (at - 1 in found and not _ENDS.match(line)):
            found.add(at)
    return frozenset(found)
