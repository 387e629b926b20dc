"""Find denials that a passing test reports, because it checks that a call is denied. They are not the failure.

A denial counts as expected only if its line shows that the test passed: a test runner's pass mark, or a log's assertion
that the call was denied. A person's "as expected" or "by design" proves nothing.
"""

from __future__ import annotations

import re

from diagnostics.text.read.log_lines import grave
from iam.lazy_pattern import regex

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
    kept = ["" if _is_wanted(line) else line for line in lines]
    return "\n".join(kept) if kept != lines else text


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


def failed_test(text: str) -> str:
    """Return the line that reports the failed test, or else the failed program, without its time.

    The result is "" if there is none.
    """
    lines = text.split("\n")
    found = next((line for line in lines if _FAILED.search(line)), "") or next(filter(grave, reversed(lines)), "")
    return " ".join(_STAMP.sub("", found).split())[:96]
