"""Read whether a run outlasts its session, and how long the session lasts."""

from __future__ import annotations

import re

from diagnostics.text.read.layout.shell import WORKED
from iam.lazy_pattern import regex

_TAKES_ROLE = regex(r"\bassume[-_ ]?role\b|\bAssumeRole\w*", re.IGNORECASE)
_FIRST_WORKS = regex(
    rf"\b(?:first|early|earlier)\b[^.\n]{{0,40}}\b(?:pass(?:es|ed)?|{WORKED})\b"
    rf"|\b(?:stages?|steps?|tests?|jobs?|calls?) \d+(?:(?:,| and|-| to) ?\d+)* (?:pass(?:es|ed)?|{WORKED})\b"
    rf"|\b(?:pass(?:es|ed)?|{WORKED})\b[^.\n]{{0,20}}\b(?:at first|in the beginning|for (?:some|a) time"
    rf"|for \d+ min\w*)\b",
    re.IGNORECASE,
)
_LATER = regex(
    r"\b(?:some time|a while|minutes|hours?) later\b|\blater (?:ones|tests?|steps?|calls?|jobs?)\b"
    r"|\bafter (?:some time|a while|(?:about |roughly )?\d+ ?(?:min|h)\w*)\b",
    re.IGNORECASE,
)
_DURATION = regex(r"(?:--duration-seconds|DurationSeconds|\bduration_seconds)[\s=:\"']{1,4}(?P<seconds>\d{3,5})\b")
_HOURS = r"(?:an|one|\d{1,2}|some|a few|several)(?: and a half)? ?(?:hours?|hrs?|h)(?![a-z])"
_OUTLASTED = regex(
    r"\b(?:[2-9]|\d\d)[ -]?h(?:ours?|rs?)?[ -](?:step|run|job|build|deploy\w*|task|test)s?\b|"
    rf"\b(?:after|beyond|past|for)\b[^.\n]{{0,24}}?\b{_HOURS}|\b(?:more than|over|longer than) {_HOURS}"
    r"|\b(?:[6-9]\d|\d{3}) ?min(?:ute)?s?\b|\bafter \d{4,5}(?:\.\d+)? ?s(?:econds)?\b|\blong[- ]running\b",
    re.IGNORECASE,
)
"""Words that say that a run takes an hour or more."""
_OF_JOB = regex(
    r"\bCI\b|\bCI/CD\b|\b[Pp]ipelines?\b|\b[Ww]orkflows?\b|\b[Gg]it[Hh]ub [Aa]ctions?\b|\bJenkins\b|\bGitLab\b"
    r"|\bCircleCI\b|\bBuildkite\b|\bAzure DevOps\b|\bstart of the (?:job|run|build)\b|\brunner\b|\brelease failed\b"
    r"|\b[Tt]erraform (?:apply|destroy|creation|run)\b|\b[Pp]ulumi up\b|\bcdk deploy\b"
)
_UNTIL_RESTART = regex(
    r"\bcach(?:es|ed|ing)\b[^.\n]{0,40}\b(?:client|credentials|session)s?\b"
    r"|\b(?:client|session)s?\b[^.\n]{0,30}\b(?:is|are) (?:cached|created once|a singleton)\b|"
    r"\b(?:until|unless|till)\b[^.\n]{0,40}\brestart\w*|\brestart\w*\b[^.\n]{0,50}\b(?:fix\w*|help\w*|works?|solves?"
    r"|resolves?|recovers?|cures?|gets? it)\b|\bworks? (?:again )?(?:after|following) (?:a |each |every )?(?:re)?start",
    re.IGNORECASE,
)
_HAS_ROLE = regex(
    r"\binstance (?:profile|role)\b|\btask role\b|\bpod identity\b|\bIMDS(?:v2)?\b|\bcredential_chain\b"
    r"|\b(?:EC2|ECS|node|execution)(?:'s)? role\b",
    re.IGNORECASE,
)
_RUNS_LONG = regex(
    r"\b(?:runs?|running|takes?)\b[ \t]+(?:for|about|around|over|up to|~|some|[ \t])*\d+[ \t]?(?:h|hours?|days?)\b",
    re.IGNORECASE,
)
_RUNS_WITH_ROLE = regex(
    r"\b(?:runs?|running)\b[ \t]+(?:with|as|under|on)[ \t]+(?:(?:the|an?|its|our)[ \t]+)?(?:(?:ECS|EC2)[ \t]+)?"
    r"(?:task role|instance (?:profile|role))\b",
    re.IGNORECASE,
)
"""Words that show that a program runs with a role. The SDK renews a role's credentials during a long run."""
RENEWS = regex(
    r"\b(?:it|that|which|program|app\w*|adapter|client|sdk|service|session|agent|driver|plugin)s?(?: \w+ly)? "
    r"(?:(?:is|are) (?:renewed|refreshed)|renews|refreshes)\b"
    r"|\bcredentials (?:were |have been )?(?:refreshed|renewed) successfully\b",
    re.IGNORECASE,
)
"""A person's statement that the credentials are renewed."""


def of_a_long_run(text: str) -> dict[str, str]:
    """Return what the text shows about a run that outlasts its session, or a program that keeps its credentials."""
    values: dict[str, str] = {}
    if _OUTLASTED.search(text) and _OF_JOB.search(text):
        values["outlasted"] = "yes"
    of_long_run = _RUNS_LONG.search(text) and _RUNS_WITH_ROLE.search(text)
    if RENEWS.search(text) is None and (of_long_run or (_UNTIL_RESTART.search(text) and _HAS_ROLE.search(text))):
        values["kept_by_program"] = "yes"
    return values


def of_session_length(text: str) -> dict[str, str]:
    """Return what the text shows about a session that has ended: how long it lasts, whether it worked at first."""
    values: dict[str, str] = {}
    if _TAKES_ROLE.search(text) and _FIRST_WORKS.search(text) and _LATER.search(text):
        values["session_over"] = "yes"
        asked = _DURATION.search(text)
        values["session_length"] = f" (the text asks for {asked['seconds']} seconds)" if asked else ""
    if "ExpiredToken" in text:
        asked = _DURATION.search(text)
        values["token_expired"] = f" (the text asks for {asked['seconds']} seconds)" if asked else ""
    return values
