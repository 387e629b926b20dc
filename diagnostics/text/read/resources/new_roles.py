"""Find words that show, or make likely, that the run which failed also created the role.

IAM User Guide, "Changes that I make are not always immediately visible": a new role takes some time to be usable
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

ROLE_JUST_MADE = (
    r"\baws_iam_role\.[\w.\[\]\"-]+: Creation complete after"
    r"|\bCREATE_COMPLETE\b[^\n]{0,60}\bAWS::IAM::Role\b|\bAWS::IAM::Role\b[^\n]{0,100}\bCREATE_COMPLETE\b"
    r"|\baws iam create-role\b"
)
"""A pattern for words that show that the same run created a role."""
_DAY = regex(r"\b20\d\d-\d\d-\d\d(?=[T ]\d\d:)")
_MADE = regex(ROLE_JUST_MADE)
# Tools that create the role together with what uses it. `zappa deploy` is only for the first time; `update` follows.
_FIRST = regex(
    r"\bzappa deploy\b|\b(?:first|initial) (?:run|deploy\w*|apply|attempt|try|time)\b(?=[\s\S]{0,400}?"
    r"\b(?:zappa|chalice|sam|cdk|sls|serverless|terraform|tofu|pulumi|copilot|amplify)\b)"
    r"|\b(?:zappa|chalice|sam|cdk|sls|serverless|terraform|tofu|pulumi|copilot|amplify)\b[^\n]{0,120}"
    r"\b(?:for the first time|first (?:run|deploy\w*|apply|attempt|try))\b",
    re.IGNORECASE,
)
_LASTS = regex(
    r"\b(?:every|each) (?:time|run|deploy\w*|attempt)\b|\balways\b|\bstill\b|\bagain\b|\btwice\b|\bretr(?:y|ied|ies)\b"
    r"|\b(?:since|after|not|worked on|until) the first\b|\bfor (?:hours|days)\b",
    re.IGNORECASE,
)


def of_several_days(text: str) -> bool:
    """Return whether the events in the text are from more than one day, so that the role in them may be old."""
    return len(set(_DAY.findall(text))) > 1


def first_run(text: str) -> str:
    """Return the words for a first run of a tool that creates roles; "" if there are none, or the failure lasts."""
    found = _FIRST.search(text)
    return "" if found is None or _LASTS.search(text) or of_several_days(text) else " ".join(found[0].split())


def role_is_new(text: str) -> bool:
    """Return whether the same run created a role, as the text shows or makes likely, and the failure did not last."""
    made = _MADE.search(text) is not None and not of_several_days(text)
    return (made and _LASTS.search(text) is None) or bool(first_run(text))
