"""The session policies that, as a text shows, a program passes when it assumes a role."""

from __future__ import annotations

import re

from diagnostics.text.causes.build_causes import written_values
from diagnostics.text.read.author.granted import statement_names
from iam.lazy_pattern import regex

_ASSUMES = regex(r"\bassume_?role\w*\(", re.IGNORECASE)
_LONGEST_CALL = 2_000


def passed_actions(text: str) -> list[str]:
    """The actions of the session policy that a call in the text passes with AssumeRole; empty if it has a Deny."""
    for found in _ASSUMES.finditer(text):
        depth, end = 1, found.end()
        while depth and end < min(len(text), found.end() + _LONGEST_CALL):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        call = text[found.end() : end]
        if re.search(r"\bPolicy\s*[=:]", call) and not re.search(r"\bDeny\b|\bNotAction\b", call):
            return list(dict.fromkeys(written_values(call, "Action")))
    return []


# AWS STS API Reference, "AssumeRole": PolicyArns, the managed policies of a session policy
# (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html), as the AWS CLI (--policy-arns arn=ARN), the
# SDKs and Terraform's provider (policy_arns in assume_role) write it.
_PASSED = regex(r"(?<![\w-])(?:--policy-arns\s|[\"']?(?:policy_arns|[Pp]olicyArns)[\"']?\s*[=:])\s*(?P<list>\[)?")
_POLICY = regex(r"arn:[\w-]+:iam::(?:aws|\d{12}):policy/[\w+=,.@/-]*\w")
# The input of GitHub's action, whose value is one ARN a line
# (https://github.com/aws-actions/configure-aws-credentials#readme).
PASSING_INPUT = "managed-session-policies"
_INPUT = regex(rf"\b{PASSING_INPUT}[\"']?[ \t]*:[ \t]*(?:[|>][-+]?)?(?P<arns>(?:[\s,\"']*arn:[\w-]+:iam::[^\s,\"']+)+)")
_OF_A_SESSION = regex(r"\bassume[_-]?role(?!_?policy)\w*", re.IGNORECASE)
_NEAR = 600


def passed_policies(text: str) -> list[str]:
    """Return the ARNs of the managed policies that code in the text passes as session policies."""
    found: dict[str, None] = {}
    for passed in _PASSED.finditer(text):
        end = text.find("]" if passed["list"] else "\n", passed.end())
        if _OF_A_SESSION.search(text, max(passed.start() - _NEAR, 0), passed.end()):
            found |= dict.fromkeys(_POLICY.findall(text, passed.end(), end if end >= 0 else len(text)))
    for step in _INPUT.finditer(text):
        found |= dict.fromkeys(_POLICY.findall(step["arns"]))
    return list(found)


def managed_policy_lacks(arn: str, action: str) -> bool:
    """Return whether this AWS managed policy has no Allow that names the action; False for other policies."""
    from iam import aws_managed_policies

    policy = aws_managed_policies.find(arn)
    if policy is None or policy.document is None:
        return False
    allows = [each for each in policy.document.statements if each.effect == "Allow"]
    return not any(statement_names(each.action, each.not_action, action) for each in allows)
