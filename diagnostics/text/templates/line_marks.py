"""Remove what editors, grep and diff print before each line of a document, and other forms of quotation marks."""

from __future__ import annotations

import re
from itertools import cycle

from iam.lazy_pattern import regex

_NUMBERED = regex(r"^(?P<mark>[ \t]*(?P<number>\d{1,5})(?:[ \t]*[|│:](?!//)|(?=\t| )))[^\n]*$", re.MULTILINE)
_FILE = regex(r"^(?P<mark>(?P<name>[\w./-]+\.(?:json|ya?ml|tf|hcl|ts|js|py|txt))(?::\d{1,5})?:)[^\n]*$", re.MULTILINE)
_CHANGED = regex(r"^(?P<sign>[-+])(?=[ \t]*[\"{}\[\]])[^\n]*$", re.MULTILINE)
_TYPOGRAPHIC = regex(r"[{,\[]\s*[“”„](?:Version|Statement|Sid|Effect|Action|Resource|Principal|Condition)[“”„]\s*:")
_ESCAPED = regex(r"&quot;(?:Version|Statement|Effect|Action)&quot;\s*:")
"""A policy in XML or HTML."""
_BLANKS = " " * (len("&quot;") - 1)
_PLAIN = str.maketrans(dict.fromkeys("“”„", '"'))
_FEWEST = 3
"""The minimum number of consecutive lines whose numbers are those of lines."""


def without_line_marks(text: str) -> str:
    """Return the text, of the same length, with blanks in place of line numbers, file names and signs of a diff.

    Of a diff, only the new state is kept.
    """
    if _TYPOGRAPHIC.search(text):
        text = text.translate(_PLAIN)
    if _ESCAPED.search(text):
        # Blanks before an opening mark and after a closing one keep the length.
        marks = cycle((f'{_BLANKS}"', f'"{_BLANKS}'))
        text = re.sub("&quot;", lambda _: next(marks), text)
    for run in (*_runs(list(_NUMBERED.finditer(text))), *_files(list(_FILE.finditer(text)))):
        for each in run:
            text = _blank(text, *each.span("mark"))
    for block in _blocks(list(_CHANGED.finditer(text))):
        for each in block if {each["sign"] for each in block} == {"-", "+"} else ():
            text = _blank(text, *(each.span("sign") if each["sign"] == "+" else each.span()))
    return text


def _blocks(changed: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Return the runs of adjacent changed lines."""
    blocks: list[list[re.Match[str]]] = []
    for each in changed:
        if blocks and each.start() == blocks[-1][-1].end() + 1:
            blocks[-1].append(each)
        else:
            blocks.append([each])
    return blocks


def _runs(numbered: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Return the runs of adjacent lines whose numbers grow by one."""
    runs: list[list[re.Match[str]]] = []
    for each in numbered:
        last = runs[-1][-1] if runs else None
        if last is not None and each.start() == last.end() + 1 and int(each["number"]) == int(last["number"]) + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return [run for run in runs if len(run) >= _FEWEST]


def _files(named: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Return the runs of adjacent lines that begin with the same file's name."""
    runs: list[list[re.Match[str]]] = []
    for each in named:
        last = runs[-1][-1] if runs else None
        if last is not None and each.start() == last.end() + 1 and each["name"] == last["name"]:
            runs[-1].append(each)
        else:
            runs.append([each])
    return [run for run in runs if len(run) >= _FEWEST]


def _blank(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"
