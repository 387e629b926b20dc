"""Remove what editors, grep and diff print before each line of a document, and typographic quotation marks."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_NUMBERED = regex(r"^(?P<mark>[ \t]*(?P<number>\d{1,5})(?:[ \t]*[|│:](?!//)|(?=\t| )))[^\n]*$", re.MULTILINE)
_FILE = regex(r"^(?P<mark>(?P<name>[\w./-]+\.(?:json|ya?ml|tf|hcl|ts|js|py|txt))(?::\d{1,5})?:)[^\n]*$", re.MULTILINE)
_CHANGED = regex(r"^(?P<sign>[-+])(?=[ \t]*[\"{}\[\]])[^\n]*$", re.MULTILINE)
_TYPOGRAPHIC = regex(r"[{,\[]\s*[“”„](?:Version|Statement|Sid|Effect|Action|Resource|Principal|Condition)[“”„]\s*:")
_PLAIN = str.maketrans(dict.fromkeys("“”„", '"'))
_FEWEST = 3
"""The minimum number of consecutive lines whose numbers are those of lines."""


def without_line_marks(text: str) -> str:
    """Return the text, of the same length, with blanks in place of line numbers, file names and signs of a diff.

    Of a diff, only the new state is kept.
    """
    if _TYPOGRAPHIC.search(text):
        text = text.translate(_PLAIN)
    for run in (*_runs(list(_NUMBERED.finditer(text))), *_files(list(_FILE.finditer(text)))):
        for each in run:
            text = _blank(text, *each.span("mark"))
    changed = list(_CHANGED.finditer(text))
    if {each["sign"] for each in changed} == {"-", "+"}:
        for each in changed:
            text = _blank(text, *(each.span("sign") if each["sign"] == "+" else each.span()))
    return text


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
