"""Read tests of permissions: which call each makes, whether a refusal is expected, and what happened.

A table has a column for what is expected and one for what happened; their titles do not matter. A test's runner prints
the test's name, its output, and its result: in this order, or with the result beside the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from iam.lazy_pattern import regex


class Outcome(Enum):
    """The result of a call, actual or expected."""

    DENIED = "denied"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Trial:
    """A call that a test makes: ``lines`` are the numbers of the test's lines.

    ``name`` is the test's name or, in a table, the words of the test's row. ``wanted`` and ``got`` are None if the text
    does not say.
    """

    name: str
    lines: tuple[int, ...]
    wanted: Outcome | None
    got: Outcome | None

    @property
    def as_wanted(self) -> bool:
        """Whether a refusal was wanted, and the call was refused."""
        return self.wanted is Outcome.DENIED and self.got is Outcome.DENIED

    @property
    def let_through(self) -> bool:
        """Whether a refusal was wanted, and the call succeeded."""
        return self.wanted is Outcome.DENIED and self.got is Outcome.ALLOWED


def trials(lines: Sequence[str]) -> list[Trial]:
    """Return the tests of a text in its tables and in the output of runners."""
    return [*_of_tables(lines), *_of_runners(lines)]


def begins_trials(line: str) -> bool:
    """Return whether the line is the header of a table of tests, with what is expected and what happened."""
    return _header(line) is not None


_SEPARATORS = (regex(r"\s*\|\s*"), regex(r"\s*\t\s*"), regex(r"\s{2,}"), regex(r"\s*;\s*"), regex(r"\s*,\s*"))
_OF_WHAT = r"(?:[ _-]?(?:result|outcome|response|status|decision|answer|effect|ergebnis))?"
_WANTED_COLUMN = regex(
    rf"(?:wanted|want|expected|expect(?:ation|s)?|should(?: be| get)?|must(?: be| get)?|intended|desired|required|soll"
    rf"|erwart(?:et|ung)|attendu|esperado){_OF_WHAT}",
    re.IGNORECASE,
)
_GOT_COLUMN = regex(
    r"(?:(?:actual|real|observed|received|returned)(?:ly)?" + _OF_WHAT + r"|result|outcome|got|answer|response|seen"
    r"|what happened|status|decision|ist|ergebnis|obtenu|r[ée]sultat|resultado)",
    re.IGNORECASE,
)
_REFUSED = regex(
    r"(?<!not )(?<!n't )\b(?:access[ _]?denied\w*|den(?:y|ies|ied|ial)|\w+Denied\w*|\w+Deny|block(?:ed|s)?"
    r"|refus(?:ed|es|al)|forbidden|reject(?:ed|s)?|not (?:allowed|permitted|authori[sz]ed)|no access"
    r"|unauthori[sz]ed\w*|40[13]|verweigert|abgelehnt|gesperrt|refus[ée]e?|deneg(?:ado|ada))\b",
    re.IGNORECASE,
)
_SUCCEEDED = regex(
    r"\b(?:allow(?:ed|s)?|permitted|granted|20[0-6]|success\w*|succeed\w*|work(?:ed|s)|ok|done|exit(?:ed)?(?: with)?"
    r"(?: code| status)?[ :=]*0|went through|accepted|no error|not (?:denied|blocked|refused)|erlaubt|autoris[ée]e?"
    r"|permitid[oa])\b",
    re.IGNORECASE,
)


def outcome(words: str) -> Outcome | None:
    """Return the outcome that the words of a cell name; None if they name none."""
    if _REFUSED.search(words):
        return Outcome.DENIED
    return Outcome.ALLOWED if _SUCCEEDED.search(words) else None


def _of_tables(lines: Sequence[str]) -> Iterator[Trial]:
    split, columns = _SEPARATORS[0], _Columns()
    for number, line in enumerate(lines):
        if (header := _header(line)) is not None:
            split, columns = header
            continue
        cells = _cells(line, split) if columns.count else []
        if not cells or len(cells) != columns.count:
            columns = columns if _RULE.fullmatch(line) else _Columns()
            continue
        wanted, got = outcome(cells[columns.wanted]), outcome(cells[columns.got])
        others = (each for at, each in enumerate(cells) if at not in (columns.wanted, columns.got))
        if wanted is not None:
            yield Trial(max(others, key=len, default=""), (number,), wanted, got)


_RULE = regex(r"[\s|:+=-]*")
"""The line between a table's header and its rows, or a row that was left out."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The number of a table's columns, and the positions of those for what is expected and what happened."""

    count: int = 0
    wanted: int = 0
    got: int = 0


def _header(line: str) -> tuple[re.Pattern[str], _Columns] | None:
    """Return the separator and the columns of a table's first line; None for any other line."""
    for split in _SEPARATORS if _MAY_BE_A_HEADER.search(line) else ():
        cells = _cells(line, split)
        wanted = [at for at, each in enumerate(cells) if _WANTED_COLUMN.fullmatch(each)]
        got = [at for at, each in enumerate(cells) if _GOT_COLUMN.fullmatch(each)]
        if len(wanted) == 1 and got and len(cells) > 2:
            return split, _Columns(len(cells), wanted[0], got[0])
    return None


_MAY_BE_A_HEADER = regex(
    r"^(?=[^\n]{10,200}$)[^\n]*\b(?:want|expect|should|must|intended|desired|required|soll|erwart|attendu|esperado)",
    re.IGNORECASE,
)


def _cells(line: str, split: re.Pattern[str]) -> list[str]:
    return [each.strip(" *`_\"'?:") for each in split.split(line.strip(" |"))]


# go test -v (https://pkg.go.dev/cmd/test2json#hdr-Output_Format) and pytest -v, whose live log is between name and
# result, and whose captured log is below the result
# (https://docs.pytest.org/en/stable/how-to/logging.html).
_RESULTS = r"PASSED|PASS|FAILED|FAIL|ERROR|SKIPPED|SKIP|XFAIL|XPASS"
_GO_RUNS = regex(r"=== (?:RUN|CONT|NAME)\s+(?P<test>\S+)")
_GO_RESULT = regex(r"\s*--- (?P<result>PASS|FAIL|SKIP): (?P<test>\S+)")
_PYTEST = regex(rf"(?P<test>\S+\.py::\S+)(?:\s+(?P<result>{_RESULTS})\b[\s\[\]\d%]*)?$")
_RESULT_ALONE = regex(rf"(?P<result>{_RESULTS})\b[\s\[\]\d%]*$")
_SECTION = regex(r"-{3,} ?(?:captured|live log)\b", re.IGNORECASE)
_END = regex(r"={5,}|PASS$|FAIL$|ok\s+\t")
_CHECKS_DENIAL = regex(r"den(?:y|ied|ies|ial)|refus|forbid|unauthori|can_?not|must_?not|block|not_allowed|reject|403")


@dataclass
class _Run:
    """The lines in which a test runner reports one test."""

    result: str = ""
    go: bool = False
    captured: bool = True
    lines: list[int] = field(default_factory=list)


def _of_runners(lines: Sequence[str]) -> Iterator[Trial]:
    """Yield the tests that passed although their output has a refusal.

    They are Go's tests, or tests whose name says that they check for a refusal.
    """
    runs: dict[str, _Run] = {}
    test = ""
    begun = any(_GO_RESULT.match(line) or _PYTEST.match(line) for line in lines)
    for number, line in enumerate(lines if begun else ()):
        if found := _GO_RUNS.match(line) or _GO_RESULT.match(line) or _PYTEST.match(line):
            test = found["test"]
            run = runs.setdefault(test, _Run(go=".py::" not in test))
            run.result = found.groupdict().get("result") or run.result
            run.captured = run.go or not run.result  # else its output has a heading of its own
        elif test and (alone := _RESULT_ALONE.match(line)) and not runs[test].go:
            runs[test].result = alone["result"]
        elif test and _SECTION.match(line):
            runs[test].captured = True
        elif test and (_END.match(line) or (runs[test].go and not line.startswith((" ", "\t")))):
            test = ""
        elif test and runs[test].captured and _REFUSED.search(line):
            runs[test].lines.append(number)
    for name, run in runs.items():
        checks = run.go or _CHECKS_DENIAL.search(name.rpartition("::")[2].lower()) is not None
        if run.lines and run.result in ("PASS", "PASSED") and checks:
            yield Trial(name, tuple(run.lines), Outcome.DENIED, Outcome.DENIED)
