"""Separate the author's own words from quoted ones, and find whether they have a policy.

Forums and mail quote with ``>``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.sequence.regions_of_failures import fails_in_several
from iam.lazy_pattern import regex

_OF_A_POLICY = regex(
    r'\b(?:Effect|Action|Resource|Condition)\\*"\s*:|\b(?:[Nn]ot_?)?[Aa]ctions?["\']?[ \t]{0,20}[:=]|\.actions\('
    r'|(?:^|\n)[ \t]*(?:-[ \t]+)?(?:[Ee]ffect|[Cc]ondition|Not(?:Action|Resource))["\']?[ \t]*[:={]'
    r'|\b(?:String|Numeric|Date|Arn)(?:Not)?(?:Equals|Like)\w*\\*"\s*:|\b(?:Bool|Null|IpAddress|NotIpAddress)\w*"\s*:\s*\{'
    r"|\b(?i:den(?:y|ies)|allows?)\b[^\n]{0,160}\b(?:unless|if|when|where|without|except)\b[^\n]{0,60}[a-z0-9]:[A-Za-z]"
    r"|\b(?:String|Numeric|Date|Arn|Bool|Null|IpAddress|NotIpAddress)\w*[ \t]*[:=(]?[ \t]*[\"']?[a-z][\w./-]*:[A-Za-z]"
    r"|(?:^|\n)[ \t]*[-*\u2022][ \t]+[a-z][a-z0-9-]{1,30}:[A-Z*][^\n]{0,300} (?:on|for) "
    r"|\b(?:[Pp]olic(?:y|ies)|[Aa]llow(?:s|ed)?(?! the )|grants|granted|g[ai]ven?|[Pp]ermissions|ha(?:s|ve)"
    r"|Deny|denies|Rolle|hat|erlaubt|Richtlinie|pol[ií]tica|permite|tiene|puse)\b"
    r"(?:(?! allows the )[^\n]){0,80}?(?<![\w:])(?!arn:)[a-z][a-z0-9-]{1,30}:[A-Z*]"
    r"|\b(?:[Pp]olicy|[Rr]ole|[Uu]ser|[Pp]ermissions|[Pp]ol[ií]tica|[Ii]nline|[Aa]ttached)"
    r"(?: (?:has|have|allows|grants|says|is)|[^\n]{0,60}:)[ \t]*:?[ \t]*\n[ \t*-]*(?:[A-Z][\w-]*: )?"
    r"[a-z][a-z0-9-]{1,30}:[A-Z*]"
    r"|\b(?:may|can|darf|kann|puede)(?: \w{3,7}){0,2} (?!arn:)[a-z][a-z0-9-]{1,30}:[A-Z*]"
    r"|\b(?:[Rr]ole|[Uu]ser|[Ss]tatement)(?: [\w.-]+)?: (?!arn:)[a-z][a-z0-9-]{1,30}:[A-Z*]"
    r"|\b(?:[Rr]ole|[Uu]ser|[Pp]olicy|[Pp]ermissions?)\b[^\n]{0,40}?(?:\b(?:has|have|may|can|allows?|lets?)\b|:)"
    r" (?:only )?[A-Z][a-z]+[A-Z]\w+[ ,]"
    r"|:sub[\"'`]?[ \t]*[:=S]|:sub[ \t]+(?:repo|project_path|organization|system):"
    r"|\b(?i:trusts?|trusted|condition)\b[^\n]{0,120}"
    r"(?:\b(?:repo:|project_path:|system:serviceaccount:|ref:refs)|\benvironment[ :]+[\"'`]?\w)"
    r"|\brole\b[^\n]{0,80}\benvironment [\"'`]?[\w.-]+[\"'`]? only\b"
    r"|\btrusts?\b[^\n]{0,60}(?:\barn:|\.amazonaws\.com)|(?<!on )\b[Rr]esources?\b[^\n]{0,40}\barn:"
    r"|\bonly [\w-]+ (?:statement|permission|grant)\b"
    r"|\bAssumeRolePolicyDocument\b[^\n]*\bPrincipal\b|\bassumed_?[bB]y\b"
    r"|\b(?:[Rr]ole|[Uu]ser|[Pp]olicy|[Pp]ermissions?|[Ss]tatement)\b[^\n]{0,60}\b(?:read|write|put|upload|get|delete)\b"
    r"[^\n]{0,60}\b(?:on|to|in|into|under) "
    r"|(?:^|\n)(?=[^\n]*(?:\||\t|\S {2,}\S))[^\n]*(?<![\w:])(?!arn:)[a-z][a-z0-9-]{1,30}:[A-Z*]"
    r"|(?:^|\n)[ \t|]*Actions?[ \t]*(?:\||\t| {2})|\b(?:Allow|ALLOW|Deny|DENY)\b[^\n:]{0,160}:[ \t]*\*"
)
_EVENT_OF_ORGANIZATION = regex(r"\"eventSource\"\s*:\s*\"organizations\.amazonaws\.com\"")
_LISTS_POLICIES = regex(
    r"^\W*(?:[Rr]ole|[Uu]ser)[ \t]+[\w+=,.@-]*[\w+=@-][ \t]*:[ \t]*[A-Z][A-Za-z]\w{5,80}(?:[,;.+ ]|$)"
    r"|\baws iam list-attached-(?:role|user)-policies\b",
    re.MULTILINE,
)
"""A role or user with the names of its policies, without their documents."""
_PRINTS_A_SESSION = regex(r"\bget-session-token\b[\s\S]{0,400}\"SessionToken\"")
_OF_DOCUMENTATION = regex(r"\b(?:docs?|documentation|example|manual|user guide)\b", re.IGNORECASE)
_QUOTED_LINE = regex(r"^[ \t]{0,20}>(?!>)[ \t]?([^\n]*)", re.MULTILINE)


def has_policy(text: str) -> bool:
    """Return whether the text may contain a policy document, in any format; a fast check before parsing."""
    return _OF_A_POLICY.search(text) is not None


def without_quotes(text: str) -> str:
    """Return the text without quoted lines."""
    return _QUOTED_LINE.sub("", text)


def with_own_policies(text: str) -> str:
    """Return the text without quoted lines if it still has a policy; else all of it, without the quote marks.

    What is left out is replaced by blanks, so that positions are those of the text.
    """
    own = _QUOTED_LINE.sub(lambda line: " " * len(line[0]), text)
    if own == text or has_policy(own):
        return own
    return _QUOTED_LINE.sub(lambda line: line[1].rjust(len(line[0])), text)


def own_failures_first(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures, with those in quoted lines last, because they are another person's."""
    own = without_quotes(text)
    if any(isinstance(each, Denial) and each.action and each.principal for each in found):
        # A program retries a refused call, which can lead to throttling as well.
        found = sorted(found, key=lambda each: isinstance(each, OtherFailure) and each.trouble is Trouble.THROTTLING)
    if _OF_DOCUMENTATION.search(text):
        found = sorted(found, key=lambda each: isinstance(each, Denial) and ":123456789012:" in (each.principal or ""))
    return found if own == text else sorted(found, key=lambda each: _is_quoted(each, text, own))


def with_policies_beside(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures with the pasted text attached if it has or lists policies, or more that decides.

    Failures that the author quotes are returned as they are. Name conflicts always have the pasted text, because it
    says what ran before.
    """
    found = [replace(each, pasted=text) if isinstance(each, Conflict) else each for each in found]
    beside = (_PRINTS_A_SESSION, _LISTS_POLICIES, _EVENT_OF_ORGANIZATION)
    if not has_policy(text) and not any(each.search(text) for each in beside) and not fails_in_several(text):
        return found
    own = without_quotes(text)
    return [
        replace(each, pasted=text) if isinstance(each, Denial) and not _is_quoted(each, text, own) else each
        for each in found
    ]


def _is_quoted(failure: Failure, text: str, own: str) -> bool:
    caller = failure.principal if isinstance(failure, Denial) else None
    return caller is not None and caller in text and caller not in own
