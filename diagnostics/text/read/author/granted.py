"""Read which actions a text says that policies contain: in prose, behind a label, or in a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from iam.api_operations import actions_behind
from iam.lazy_pattern import regex
from iam.service_reference import action_names, services, spelled

_ACTION = regex(r"(?<![\w:/.-])(?!arn:|urn:|http)([A-Za-z][A-Za-z0-9-]{1,30}):([A-Z][A-Za-z0-9]{2,60}\*?)(?![\w:/])")


def actions_in(words: str) -> Iterator[str]:
    """Yield the IAM actions that the words name, each once.

    For an API operation that is written like an action, yield the actions that IAM checks for it.
    """
    found: dict[str, None] = {}
    for service, name in _ACTION.findall(words):
        low = service.lower()
        if low not in services():
            continue
        plain = name.rstrip("*")
        if name.endswith("*") or plain.lower() in action_names(low):
            found.setdefault(spelled(f"{low}:{name}"))
        elif behind := actions_behind(f"{low}:{name}"):
            found.update(dict.fromkeys(behind))
    yield from found


_NAMED = r"[`\"']?[a-z][a-z0-9-]{1,30}:[A-Z*][\w*]*[`\"']?"
_ON_WHICH = r"(?:,?[ \t]+on[ \t]+(?:every[ \t]+|all[ \t]+|the[ \t]+)?(?:[Rr]esources?[ \t]*)?[:=]?[ \t]*[^\s,;:]*,?)"
_NEXT = r"(?:(?:,|,? and| and)\s+|[ \t]*\n[ \t]*[-*•+]?[ \t]*)"
_HAS_LISTED = regex(
    r"\b(?:polic(?:y|ies)|role|user|caller|statement|permission set|(?:it|she|he)(?: only)?)\b[^.;:\n]{0,40}?"
    r"(?<!not )(?<!n['’]t )(?<!never )"
    r"\b(?:has|have|grants?|allows?|includes?|contains?|lists?|(?:can|may)(?: do| use| call)?)"
    rf"(?: only| already| the| both| all| these| these actions)*{_ON_WHICH}?[ \t]*:\s*[-*•+]?[ \t]*"
    rf"(?P<actions>{_NAMED}(?:{_NEXT}{_NAMED})*)",
    re.IGNORECASE,
)
"""A list behind a colon: "The role's policy has, on Resource "*": transfer:DescribeUser, transfer:UpdateServer"."""
_HAS = regex(
    r"(?<!not )(?<!n['’]t )(?<!never )"
    r"\b(?:has|have|had|grants?|allows?|includes?|contains?|(?:can|may)(?: do| use| call)?)"
    r"(?: only| already| the| both| all)*\s+"
    rf"(?P<actions>{_NAMED}(?:(?:,|,? and| and)\s+{_NAMED})*)"
)
_LISTED = regex(
    rf"\bpolic(?:y|ies)\b(?:(?!\b(?:not|no|should|must)\b|n't\b)[^.;:\n]){{0,40}}? lists?\s+(?P<actions>{_NAMED})"
)
_ARE_HAD = regex(
    rf"(?P<actions>{_NAMED}(?:(?:,|,? and| and)\s+{_NAMED})*) (?:is|are) (?:already |both |all )?(?:allowed|granted)\b"
    r"(?! only)"
)
_AMONG = regex(rf"(?P<actions>{_NAMED}) (?:is )?among (?:them|those|its)")
# "Policy: logs:PutLogEvents on *", "IAM: bedrock:InvokeModel* on *": a label, and what the document has.
_ON = r"(?:\s*(?:\.\.\.|…))?(?:\s+on\s+(?:(?:the|its|our)\s+)?[^\s,;]+)?"
_OF_A_POLICY = (
    r"(?:(?!require|missing|need|necessary|minim|add|attach|try|suggest|recommend|correct|new|denied|refus|lack|not\b"
    r"|fail)[\w'-]+[ \t]+){0,4}"
    r"(?:IAM|polic(?:y|ies)(?:[ \t]+of[ \t]+(?:the[ \t]+)?[\w.-]+)?"
    r"|(?:role|user|permission set)[ \t]+(?!arn:)[\w-]+|(?:[\w'’-]+[ \t]+role|caller))"
    r"(?:[ \t]*\([^()\n]{1,40}\))?[ \t]*:[ \t]*(?:allow\w*[ \t]+)?"
    rf"(?P<actions>{_NAMED}(?:{_ON}(?:,|,? and| and| \+)\s+{_NAMED})*)"
)
_LABELLED = regex(rf"(?:^|[.;]\s+|\n)[ \t]*{_OF_A_POLICY}", re.IGNORECASE)
A_LABEL = regex(rf"\b{_OF_A_POLICY}", re.IGNORECASE)
"""A policy's label, followed by the policy's actions."""
_ALLOWED_ELEMENT = regex(
    r"[\"']?\bactions?[\"']?\s*[:=]\s*(?P<actions>\[[^\]]{0,2000}\]|[\"']?[\w-]+:[\w*]+)", re.IGNORECASE
)
_WISHED = regex(
    r"\b(?:ensure|make sure|verify|check|confirm|must|should|needs?|grant|add|attach|update|please|whether|if|that)\b"
    r"[^.\n]*$",
    re.IGNORECASE,
)
_RELATIVE = regex(
    r"(?<=[\w)]) (?:that|which)(?: (?:already|also|only|now))? $"
    r"|(?:^|(?<=[.\n]))\s*[Tt]hat(?= (?:role|user|policy|caller|identity|function|account|permission set)\b)"
)
"""The word "that" in "a role that has s3:GetObject" or "That role has …", where it does not introduce a wish."""
_NONE_DOES = regex(
    r"\b(?:no|none|nothing|neither)\b(?:\s+[\w-]+){0,4}\s?$|(?:^|[.;\n])\s*(?:which|who|what)\b[^.;\n]*$", re.IGNORECASE
)
"""Words before an action in a text that says that nothing allows the action, or asks who has the action."""
_REPORTS = regex(
    r"^[ \t>*|-]*(?:user|caller|identity|context|on resource(?:\(s\)|s)?|result|decision|outcome|reason|error|status)\b"
    r"[\"']?[ \t]*[:=]",
    re.IGNORECASE | re.MULTILINE,
)
"""A line of a report of a denial, such as the console's, which also names the refused action after "Action:"."""
_DENY = regex(r"[\"']?\beffect[\"']?\s*[:=]\s*[\"']?Deny", re.IGNORECASE)


@lru_cache(maxsize=16)
def granted_in(text: str) -> frozenset[str]:
    """Return the actions, in lower case, that the text says a policy contains, in prose or in a statement."""
    found: set[str] = set()
    for match in (
        *_HAS.finditer(text),
        *_HAS_LISTED.finditer(text),
        *_LISTED.finditer(text),
        *_ARE_HAD.finditer(text),
        *_AMONG.finditer(text),
        *_LABELLED.finditer(text),
    ):
        before = _RELATIVE.sub("", text[max(0, match.start() - 100) : match.start()])
        if not _WISHED.search(before) and not _NONE_DOES.search(before):
            found.update(_patterns_in(match["actions"]))
    for match in _ALLOWED_ELEMENT.finditer(text):
        around = text[max(0, match.start() - 120) : match.end() + 120]
        if not _DENY.search(around) and not _REPORTS.search(_lines_beside(text, match)):
            found.update(_patterns_in(match["actions"]))
    return frozenset(each.lower() for each in found)


def _lines_beside(text: str, found: re.Match[str]) -> str:
    """Return the line above and the line below a match, as two lines."""
    above, below = text[: found.start()].split("\n"), text[found.end() :].split("\n")
    return "\n".join((*above[-2:-1], *below[1:2]))


_OF_A_SERVICE = regex(r"(?<![\w:/.-])(?P<service>[a-z][a-z0-9-]{1,30}):\*(?![\w:/])")


def _patterns_in(words: str) -> Iterator[str]:
    """Yield the actions that the words name, and wildcards for entire services: "s3:*"."""
    yield from actions_in(words)
    yield from (found[0] for found in _OF_A_SERVICE.finditer(words) if found["service"] in services())


_OF_THE_CALLER = regex(
    rf"(?:^|\n)[ \t]*(?:the[ \t]+)?caller[ \t]*:[ \t]*(?P<actions>{_NAMED}(?:{_ON}(?:,|,? and| and)\s+{_NAMED})*)",
    re.IGNORECASE,
)


def held_by_caller(text: str) -> frozenset[str]:
    """Return the actions, in lower case, that the text lists as the caller's: "caller: bedrock:InvokeAgent"."""
    return frozenset(each.lower() for found in _OF_THE_CALLER.finditer(text) for each in actions_in(found["actions"]))


_CLAUSE = regex(r"(?:[^.;\n]|[.;](?!\s|$))+")
_MANAGED = regex(r"(?<![\w/-])(?P<name>[A-Z][A-Za-z0-9_-]{3,70}(?:Access|Policy|User|Role)(?:_?V\d)?)(?![\w/-])")
_UNSURE = regex(
    r"\b(?:not?|never|without|lacks?|missing|ensure|make sure|must|should|needs?|would|could|might|if|attach|add|grant"
    r"|give|try|detach\w*|removed?|instead|before|until|used to|had)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
"""Words that show that a clause is not about what is attached now."""


def allowed_by(action: str, text: str, *, managed: bool = False) -> str:
    """Return the words by which the text says that a policy allows the action; "" if it does not say so.

    The words are an action or a pattern. If ``managed``, they may also be the name of an AWS managed policy that allows
    the action on every resource. Such a name does not count in a clause that denies having the policy, or that is about
    another role.
    """
    wanted = action.lower()
    if ":" not in wanted:
        return ""
    if patterns := [each for each in granted_in(text) if fnmatchcase(wanted, each)]:
        longest = max(patterns, key=len)
        written = re.search(re.escape(longest), text, re.IGNORECASE)
        return written[0] if written else spelled(longest)
    clauses = [each[0] for each in _CLAUSE.finditer(text)] if managed else []
    sure = (each for each in clauses if each.isascii() and not _UNSURE.search(each))
    named = (found["name"] for each in sure for found in _MANAGED.finditer(each))
    return next((name for name in named if _allows_everywhere(name, wanted)), "")


@lru_cache(maxsize=64)
def _allows_everywhere(name: str, action: str) -> bool:
    """Whether an AWS managed policy of this name allows the action on every resource, without a condition."""
    from iam import aws_managed_policies  # its list is big, and few texts name such a policy

    policy = aws_managed_policies.named(name)
    statements = policy.document.statements if policy is not None and policy.document is not None else ()
    naming = [each for each in statements if statement_names(each.action, each.not_action, action)]
    return not any(each.effect == "Deny" for each in naming) and any(
        "*" in (each.resource or ()) and not each.conditions for each in naming
    )


def statement_names(actions: tuple[str, ...] | None, others: tuple[str, ...] | None, action: str) -> bool:
    """Return whether a statement with this Action or NotAction names the action."""
    from iam.policy.match import names_action

    return names_action(actions, action) if actions is not None else not names_action(others or (), action)
