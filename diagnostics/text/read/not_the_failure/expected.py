"""Find denials in the output of a passing test that checks that a call is denied. They are not the failure.

A denial counts as expected only if the text shows that the test passed: a test runner's pass mark, or a log's assertion
that the call was denied. Either of them is in the line of the denial, in the result of the Go test that printed the
line, or after the line in which the program announces that it expects a denial. A person's "as expected" proves
nothing.
"""

from __future__ import annotations

import re

from diagnostics.text.read.author.permission_tests import trials
from diagnostics.text.read.layout.log_lines import grave
from diagnostics.text.read.not_the_failure.lines_without_failure import is_printed
from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.services import iam_prefix

_LONGEST = 40_000
_REFUSES = regex(
    r"access[ _-]?denied|\bden(?:y|ies|ied|ial)\b|unauthori[sz]ed|not authori[sz]ed|\bforbidden\b|\brefus(?:es|ed|al)\b"
    r"|Denied\w*|Unauthorized\w*|\b403\b",
    re.IGNORECASE,
)
# The mark that a test's runner writes before or after the name of a test that passed.
_PASS = regex(
    r"^\W*(?:\S*\d:\d\d\S*\s+)?(?:---\s+PASS\b|PASS(?:ED)?\b|ok \d+\b|[\u2713\u2714\u2705])"
    r"|(?<!NOT )\b(?:PASSED|PASS)\b[\s\[\]()\d.%ms]*$",
)
# A line of a runner (Test Anything Protocol, go test, cargo test): its other words are the test's name and its notes.
_OF_A_RUNNER = regex(r"\s*(?:ok \d+ - (?![^\n#]*# ?(?:TODO|SKIP)\b)|--- PASS: |test [\w:]+ \.\.\. ok\b)")
# An assertion that the refusal happened: the words are next to each other.
_ASSERTED = regex(
    r"\b(?:denied|refused|rejected|blocked|forbidden|unauthori[sz]ed) as expected\b"
    r"|\b(?:got|had|hit|saw|raised|returned|received|caught)\s+(?:(?:the|an?)\s+)?expected\s+"
    r"(?:error|denial|exception|refusal|\w*Denied\w*)"
    r"|\b(?:den(?:y|ial)|refusal|\w*Denied\w*|403) (?:was |is )?(?:seen|observed|received|raised|returned|confirmed)\b"
    r"|\b(?:correctly|properly|rightly)\s+(?:denied|refused|rejected|blocked|forbidden)\b",
)
# Who asserts it: a line of a log or of a test, and no person's remark on a failure.
_LOGGED = regex(
    r"^\W*(?:(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d|(?:INFO|DEBUG|NOTICE|TRACE)\b|level=[\"']?(?:info|debug)\b"
    r"|[\w./-]*\.\w{1,5}:\d+|\S*(?:[Tt]est|[Ss]pec)\S*:)"
)
_DOUBT = regex(
    r"\bbut\b|\bhowever\b|\bunexpected|\bwant(?:ed)?\b|\binstead\b|\bnot\b[^\n]{0,20}\bexpected\b|\bexpected\b[^\n]*\bgot\b"
    r"|\bFAIL|\b[Ff]ail(?:s|ed|ing)?\b|\bbroken\b|n['\u2019]t\b|\?",
)
_FAILED = regex(
    r"---\s+FAIL\b|\bFAILED?\b[ :]+\S*[Tt]est\S*|^\W*(?:\S*\d:\d\d\S*\s+)?FAIL(?:ED)?\b|\bnot ok \d+\b"
    r"|[\u2715\u2717\u2718]|\bAssertionError\b"
)
_STAMP = regex(r"^\W*(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[.,\d]*Z?\W*")


def without_the_expected(text: str) -> str:
    """Return the text without the lines that report an expected denial; unchanged if there are none."""
    if len(text) > _LONGEST:
        return text
    lines = text.split("\n")
    tried = (number for trial in trials(lines) if trial.as_wanted for number in trial.lines)
    wanted = {*tried, *_announced(lines), *_planned(lines), *_noted(lines)}
    kept = ["" if number in wanted or _is_wanted(line) else line for number, line in enumerate(lines)]
    return "\n".join(kept) if kept != lines else text


def _noted(lines: list[str]) -> set[int]:
    """Return the lines with a refusal that follow the result of a passed test, indented, as its notes.

    Test Anything Protocol, "TAP 14 specification", Comments, YAML diagnostics
    (https://testanything.org/tap-version-14-specification.html); go test prints a test's log in the same way.
    """
    out: set[int] = set()
    passed: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if _OF_A_RUNNER.match(line):
            passed = indent
        elif passed is not None and line.strip() and indent <= passed:
            passed = None
        elif passed is not None and _REFUSES.search(line):
            out.add(number)
    return out


_ANNOUNCES = regex(
    r"\b(?:(?:now |we |is )?expect(?:s|ing|ed)?\b[^\n]{0,60}|(?:must|should|shall) (?:\w+ )?(?:be|get|return|fail with)"
    r"\b[^\n]{0,20}|\bassert(?:s|ing)?\b[^\n]{0,60}\b(?:is|are|gets?|be)\b|negative test\b[^\n]{0,60})"
    r"(?:access ?denied|\bden(?:y|ied|ies|ial)\b|\brefus|\bforbidden\b|\b403\b|\brejec|\bto fail\b)",
    re.IGNORECASE,
)
# The result that a script writes for such a test: a mark of its own, or a tag, and the words for a refusal.
_CONFIRMS = regex(
    r"^\W*(?:\S*\d:\d\d\S*\s+)?(?:\[[A-Za-z][\w ./:-]{0,40}\]\s*)?(?:(?:OK|PASS(?:ED)?|SUCCESS)\b|[\u2713\u2714\u2705])"
)
_CONFIRMS_DENIAL = regex(
    r"^\W*(?:OK|PASS(?:ED)?)\W{1,4}(?:(?:was|got|is) )?"
    r"(?:denied|refused|forbidden|blocked|rejected|403|AccessDenied\w*)\W*$"
    r"|^[^\n?]{0,40}\b(?P<count>\d+)/(?P=count) (?:\w+ )?(?:denied|refused|forbidden|blocked|rejected) as expected\b",
    re.IGNORECASE,
)
_MOST_BETWEEN = 8
"""The maximum number of lines between a refusal that a script announces and the result of the script's test."""


def _announced(lines: list[str]) -> set[int]:
    """Return the lines with a refusal that a script announces and then confirms, with the script's own two lines."""
    out: set[int] = set()
    confirming = [
        number
        for number, line in enumerate(lines)
        if _CONFIRMS_DENIAL.match(line)
        or (_CONFIRMS.match(line) and not _DOUBT.search(line) and (_ASSERTED.search(line) or not _has_refusal(line)))
    ]
    for end in confirming:
        begin = max(0, end - _MOST_BETWEEN)
        between = range(begin, end)
        announced = next((each for each in reversed(between) if _is_announcement(lines[each])), None)
        asserted = (_ASSERTED.search(lines[end]) or _CONFIRMS_DENIAL.match(lines[end])) is not None
        if announced is None and not asserted:
            continue
        start = announced if announced is not None else next((each for each in reversed(between) if lines[each]), end)
        own = [each for each in range(start, end) if _REFUSES.search(lines[each])]
        if not any(_FAILED.search(lines[each]) for each in range(start, end)):
            out.update(own)
            out.update({end} if asserted else ())
    return out


_NAME = regex(r"\b\w+(?:[-_]\w+)+")


def _has_refusal(line: str) -> bool:
    """Whether the line has a word for a refusal outside of the tests' names: ``PASS deny-root-delete``."""
    return _REFUSES.search(_NAME.sub(" ", line)) is not None


_DENIAL = r"(?:access ?_?denied\w*|unauthori[sz]ed\w*|forbidden|(?:explicit|implicit)? ?den(?:y|ied|ial)|40[13])"
_PLANS = regex(
    # A row of a plan, or a field: "expected result: AccessDenied", '"expected": "deny"'.
    r"(?<!\bas )\b(?:expect(?:ed|s|ing)?|erwartet(?:es)?|want(?:ed)?)"
    r"(?:[ _-]?(?:result|outcome|response|error|status|code"
    rf"|Ergebnis|decision))?[\"'`*_]{{0,3}}\s*[:=|]\s*[\"'`*_]{{0,3}}(?:an? |the )?{_DENIAL}\b"
    # A comment at the command: "# should be denied".
    r"|(?:^|\s)#+ ?(?:this |it |and )?(?:(?:should|must|has to|needs to) (?:be|get|return|fail with|end in) "
    rf"|expect(?:s|ing)? (?:an? |the )?|-?> ?expect(?:ed)?:? ){_DENIAL}\b",
    re.IGNORECASE,
)
_OTHERWISE = regex(
    r"\bbut\b|\bhowever\b|\bunexpected|\binstead\b|\bnot expected\b|\?"
    r"|\b(?:got|received|actual(?:ly)?|returned|result)\b(?![^\n]{0,20}(?:den(?:y|ied|ial)|40[13]|forbidden|unauthor))",
    re.IGNORECASE,
)
_HAS_RESULT = regex(
    r"\W*(?:got|received|actual(?:ly)?|returned|result)\b(?![^\n]{0,20}(?:den(?:y|ied|ial)|40[13]|forbidden|unauthor))",
    re.IGNORECASE,
)
"""The line that follows a plan's row and gives the actual result, if that result is not a refusal."""
_FARTHEST = 4
"""The maximum number of lines, apart from blank ones, between a plan's row and the refusal that it announces."""


def _planned(lines: list[str]) -> set[int]:
    """Return the lines with a refusal that a plan announces, and the lines of the plan.

    A plan is a row or a comment next to the command. The refusal is the nearest one before or after it.
    """
    out: set[int] = set()
    for at, line in enumerate(lines):
        found = _PLANS.search(line)
        beside = (line[: found.start()], line[found.end() :], *lines[at + 1 : at + 3]) if found is not None else ()
        if found is None or any(map(_OTHERWISE.search, beside[:2])) or any(map(_HAS_RESULT.match, beside[2:])):
            continue
        if _REFUSES.search(line[: found.start()]) or _REFUSES.search(line[found.end() :]):
            out.add(at)  # a row with the result
            continue
        before = [each for each in range(max(0, at - _FARTHEST), at) if _is_refusal(lines[each])]
        after = [each for each in range(at + 1, min(len(lines), at + 1 + _FARTHEST)) if _is_refusal(lines[each])]
        typed = _COMMAND.search(line[: found.start()]) is not None
        near = after[:1] if typed or not before else before[-1:]
        out.update(near, {at} if near else ())
    return out


_COMMAND = regex(r"(?:^|[$#>%] +)(?:aws|curl|kubectl|terraform|gcloud|python\d?|pytest|sh|bash) \S")


def _is_refusal(line: str) -> bool:
    """Whether a program's line reports a refusal, and is not a plan."""
    return _REFUSES.search(line) is not None and _PLANS.search(line) is None


def _is_announcement(line: str) -> bool:
    """Whether a line says that a refusal is expected, and is a program's line rather than a person's question."""
    found = _ANNOUNCES.search(line)
    return found is not None and not (_NONE.search(found[0]) or _DOUBT.search(line) or "is not authorized" in line)


_NONE = regex(r"\b(?:no|not|without|never|un\w+)\b", re.IGNORECASE)


def _is_wanted(line: str) -> bool:
    if not _REFUSES.search(line):
        return False
    if _OF_A_RUNNER.match(line):
        return True
    if _DOUBT.search(line):
        return False
    if _PASS.search(line):
        return True
    return bool(_ASSERTED.search(line) and _LOGGED.search(line)) and not grave(_ASSERTED.sub("", line))


_EXPECTS = ("expect", "want", "should")
_WANTED = r"\b(?:expect(?:ed|s)?|want(?:ed|s)?|should (?:be|have been|fail with|get))\b"
_ANSWERED_WELL = (
    r"(?:\b(?:HTTP )?20[0-6]\b|\b(?:nil|None|null|success\w*|succeeded|allow(?:ed)?|ok"
    r"|no (?:error|exception|denial))\b)"
)
_LET_THROUGH = regex(
    rf"{_WANTED}[^\n]{{0,30}}?"
    r"(?:access ?_?denied\w*|unauthori[sz]ed\w*|\bden(?:ied|y)\b|\bdenial\b|\bforbidden\b|\b403\b)[^\n?]{0,40}?"
    r"(?:\n[ \t#|]*)?\b(?:got|but|was|is|received|returned|actual(?:ly)?)\b"
    rf"(?:(?!den(?:y|ied|ial)|403|forbidden|unauthor)[^\n?]){{0,30}}?{_ANSWERED_WELL}",
    re.IGNORECASE,
)
_ACTION = regex(r"(?<![\w:/-])[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z0-9]{2,60}(?!\w|:\w|\*)")


def let_through(text: str) -> tuple[str, str]:
    """Return the call that a test expects to be denied and that succeeded, and the text without the lines that say so.

    The call is its action, or else the line of the failed test. Both are "" if there is no such test.
    """
    lines = text.split("\n") if len(text) <= _LONGEST else []
    if passed := [each for each in trials(lines) if each.let_through]:
        own = {number for each in passed for number in each.lines}
        rest = "\n".join("" if number in own else line for number, line in enumerate(lines))
        return _called(passed[0].name) or passed[0].name[:_LONGEST_NAME], rest
    low = text.lower() if lines else ""
    found = _LET_THROUGH.search(text) if any(word in low for word in _EXPECTS) else None
    if found is None:
        return "", ""
    at = text.count("\n", 0, found.start())
    said = "".join("\n" if letter == "\n" else " " for letter in found[0])
    rest = _LET_THROUGH.sub(" ", f"{text[: found.start()]}{said}{text[found.end() :]}")
    called = next(filter(None, map(_called, reversed(lines[max(0, at - 2) : at + 1]))), "")
    return called or failed_test(text) or " ".join(lines[at].split())[:_LONGEST_NAME], rest


_LONGEST_NAME = 96
_COMMAND_WORDS = regex(r"(?<![\w-])(?P<service>[a-z][a-z0-9-]+) (?P<call>[a-z]+(?:-[a-z0-9]+)+)(?![\w-])")


def _called(words: str) -> str:
    """Return the action that the words name, or whose AWS CLI command they contain; "" if there is none."""
    if named := _ACTION.search(words):
        return named[0]
    for command in _COMMAND_WORDS.finditer(words):
        prefix = iam_prefix({"s3api": "s3"}.get(command["service"], command["service"]))
        operation = "".join(each.title() for each in command["call"].split("-"))
        if prefix and (action := action_for(operation, prefix)):
            return action
    return ""


def only_talks_of_it(text: str) -> bool:
    """Return whether all words for a refusal in the text are a person's, and about an expected refusal."""
    return not any(_REFUSES.search(line) and (is_printed(line) or _STATED.search(line)) for line in text.split("\n"))


_STATED = regex(r"(?:^|[:>|=]\s)\W{0,3}(?:Access ?Denied\w*|Unauthorized\w*|Forbidden|403)\b")


def failed_test(text: str) -> str:
    """Return the line that reports the failed test, or else the failed program, without its time.

    The result is "" if there is none.
    """
    lines = text.split("\n")
    found = next((line for line in lines if _FAILED.search(line)), "") or next(filter(grave, reversed(lines)), "")
    return " ".join(_STAMP.sub("", found).split())[:96]
