"""Refusals that somebody wanted: a test checks that a call is denied, and says so. They are not the failure."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_LONGEST = 40_000
_REFUSES = regex(
    r"access[ _-]?denied|\bden(?:y|ies|ied|ial)\b|unauthori[sz]ed|not authori[sz]ed|\bforbidden\b|\brefus(?:es|ed|al)\b"
    r"|Denied\w*|Unauthorized\w*|\b403\b",
    re.IGNORECASE,
)
_WANTED = regex(
    r"(?<!not )\bas (?:expected|intended|designed|it should)\b|\bby design\b"
    r"|\b(?:got|had|hit|saw|raised|returned|caught|with|the|an?)\s+expected\s+"
    r"(?:error|failure|denial|exception|refusal|\w*Denied\w*)"
    r"|\b(?:correctly|properly|rightly)\s+(?:denied|refused|rejected|blocked|forbidden|got)\b"
    r"|^\W*(?:\S*\d:\d\d\S*\s+)?(?:---\s+PASS\b|PASS(?:ED)?\b|ok \d+\b|[\u2713\u2714\u2705])"
    r"|(?<!NOT )\b(?:PASSED|PASS)\b[\s\[\]()\d.%ms]*$",
)
_DOUBT = regex(
    r"\bbut\b|\bhowever\b|\bunexpected|\bwant(?:ed)?\b|\binstead\b|\bnot\b[^\n]{0,20}\bexpected\b|\bexpected\b[^\n]*\bgot\b"
    r"|\bFAIL|n['\u2019]t\b|\?",
)
_FAILED = regex(
    r"---\s+FAIL\b|\bFAILED?\b[ :]+\S*[Tt]est\S*|^\W*(?:\S*\d:\d\d\S*\s+)?FAIL(?:ED)?\b|\bnot ok \d+\b"
    r"|[\u2715\u2717\u2718]|\bAssertionError\b"
)
_STAMP = regex(r"^\W*(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[.,\d]*Z?\W*")


def without_the_expected(text: str) -> str:
    """The text without the lines that report an expected refusal; as it is where it has none."""
    if len(text) > _LONGEST or (not _WANTED.search(text) and "PASS" not in text):
        return text
    lines = text.split("\n")
    kept = ["" if _is_wanted(line) else line for line in lines]
    return "\n".join(kept) if kept != lines else text


def _is_wanted(line: str) -> bool:
    return bool(_REFUSES.search(line) and _WANTED.search(line)) and not _DOUBT.search(line)


def failed_test(text: str) -> str:
    """The line that reports the test that did fail, without its time; empty where no line does."""
    found = next((line for line in text.split("\n") if _FAILED.search(line)), "")
    return " ".join(_STAMP.sub("", found).split())[:96]
