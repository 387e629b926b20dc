"""A role that a service refused for lack of permissions, while the text attaches the policy to another role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.text.read.printed_values import outputs
from diagnostics.who import Who
from iam.aws_managed_policies import arns, find
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.words import listing

_NAME = r"[\w+=,.@-]*[\w+=@-]"
_ROLE = rf"(?:arn:[\w-]+:iam::\d{{12}}:role/(?:[\w+=,.@-]+/)*)?(?P<role>{_NAME})"
_ROLE_FIELDS = ("Role", "role", "serviceRole", "RoleArn", "executionRoleArn", "ServiceRole")
_USES = (
    regex(
        r"\b(?:execution|function|lambda|service)(?:'s)?[ _-]?role(?:[ _-]?arn)?[\"'`]?[ \t]*(?:is|:|=)[ \t]*[\"'`]?"
        rf"{_ROLE}(?![\w/:])",
        re.IGNORECASE,
    ),
    regex(rf"\b(?:its|with the) role[ \t]*(?:is|:|=)?[ \t]*[\"'`]?{_ROLE}(?![\w/:])", re.IGNORECASE),
    regex(
        r"\bfunction (?:now |currently |actually )?(?:uses|runs (?:with|as)|has|is set to)(?: the)?(?: role)?"
        rf"[ \t:]+[\"'`]?{_ROLE}(?![\w/:])",
        re.IGNORECASE,
    ),
    regex(
        r"\baws_lambda_function\"[^{]*\{[^}]*?^[ \t]*role[ \t]*=[ \t]*aws_iam_role\.(?P<label>\w[\w-]*)", re.MULTILINE
    ),
    regex(r"\bRole:[ \t]*!GetAtt[ \t]+[\"']?(?P<label>\w+)\.Arn"),
)
_ATTACHES = (
    regex(
        r"\baws_iam_role_policy_attachment\"[^{]*\{[^}]*?^[ \t]*role[ \t]*=[ \t]*aws_iam_role\.(?P<label>\w[\w-]*)"
        r"[^}]*?:policy/(?:[\w-]+/)*(?P<policy>[\w-]+)",
        re.MULTILINE,
    ),
    regex(
        rf"\battach-role-policy\b(?=[^\n]*--role-name[= ]+[\"']?{_ROLE})"
        r"[^\n]*:policy/(?:[\w-]+/)*(?P<policy>[\w-]+)"
    ),
    regex(
        r"(?P<policy>(?:AWS|Amazon)[\w-]{5,80})(?:[ \t]+policy)?[ \t]+(?:is|was)[ \t]+(?:\w+[ \t]+)?attached[ \t]+to"
        rf"(?:[ \t]+(?:the|old|role))*[ \t]+[\"'`]?{_ROLE}(?![\w/:])"
    ),
    regex(
        rf"(?:\brole[ \t]+|^[ \t]*)[\"'`]?{_ROLE}[\"'`]?[ \t]+(?:has|got)[ \t]+(?:the[ \t]+)?(?:policy[ \t]+)?"
        r"(?P<policy>(?:AWS|Amazon)[\w-]{5,80})",
        re.MULTILINE,
    ),
)
_BY_NAME, _BY_LABEL = "name", "label"
_LIKE_A_NAME = regex(r"[-_\d]|[a-z][A-Z]")


def of_another_role_with_the_policy(denial: Denial) -> Decision | None:
    """Return a decision if the text attaches a policy with the missing action to a role that is not used.

    Only sentences in which a service reports that the role of its function, task or job lacks permissions count. Lambda
    Developer Guide, "Defining Lambda function permissions with an execution role": a function has one execution role
    (https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html).
    """
    text = denial.pasted or denial.text
    stated = sentence_in(denial.text)
    if stated is None or "role" not in stated.row.refused or not stated.row.actions:
        return None
    used, attached = set(_used(text)), dict(_attached(text, stated.row.actions))
    kinds = {kind for kind, _ in (*used, *attached)}
    if len(used) != 1 or not attached or used & attached.keys() or len(kinds) != 1:
        return None  # a template's own name for a role is not compared with the role's name
    own, others = used.pop()[1], listing(tuple(name for _, name in attached))
    policies = listing(tuple(dict.fromkeys(attached.values())))
    words = f"{policies} is attached to {others}, but {stated.row.refused} is {own}"
    return decide(
        "identity.no-action",
        words,
        f"In the text, {words}. Attach {policies} to {own}, or let the function use {others}."
        if "function" in stated.row.refused
        else f"In the text, {words}. Attach {policies} to {own}.",
        f"Attach {policies} to {own}",
        Who.ACCOUNT_ADMIN,
        f"the role {own}",
        f"Attach {policies} to {own}: the permissions of {others} do not apply to this role.",
    )


def _used(text: str) -> Iterator[tuple[str, str]]:
    """Yield the roles that the text says the function uses: whether by a template's label or by name, and which."""
    for made in outputs(text):
        if made.operation.startswith(("get-function", "describe-", "get-job", "batch-get-projects")):
            shown = made.values(*_ROLE_FIELDS)
            queried = [each.value for each in made.fields if "Role" in made.options.get("query", "")]
            yield from ((_BY_NAME, each.rpartition("/")[2]) for each in (*shown, *queried) if ":role/" in each)
    yield from (role for form in _USES for each in form.finditer(text) if (role := _role(each)))


def _attached(text: str, actions: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each role to which the text attaches an AWS managed policy with one of the actions, and the policy."""
    for made in outputs(text):
        if made.operation == "list-attached-role-policies" and (role := made.options.get("role-name")):
            names = (each.value.rpartition("/")[2] for each in made.fields)
            yield from (((_BY_NAME, role), each) for each in names if _contains(each, actions))
    for form in _ATTACHES:
        for found in form.finditer(text):
            if (by := _role(found)) and _contains(found["policy"], actions):
                yield by, found["policy"]


def _role(found: re.Match[str]) -> tuple[str, str] | None:
    """Return how the words name a role, and the name; None for an English word."""
    named = found.groupdict()
    if named.get("label"):
        return _BY_LABEL, named["label"]
    return (_BY_NAME, named["role"]) if _LIKE_A_NAME.search(named["role"]) else None


def _contains(name: str, actions: tuple[str, ...]) -> bool:
    """Return whether the AWS managed policy of this name names one of the actions."""
    arn = next((each for each in arns() if each.endswith(f"/{name}")), "")
    policy = find(arn) if arn else None
    if policy is None or policy.document is None:
        return False
    return any(names_action(each.action or (), one) for each in policy.document.statements for one in actions)
