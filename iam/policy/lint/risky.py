"""Checks for statements that grant iam:PassRole or iam:CreateServiceLinkedRole more widely than intended."""

from __future__ import annotations

from iam.arn import Arn
from iam.policy.lint.finding import SECURITY, WARNING, LintSeverity, Part, Policy, PolicyKind
from iam.policy.match import action_matcher, has_wildcard
from iam.policy.statements import Path

_PASS, _LINK = "iam:passrole", "iam:createservicelinkedrole"
# The elements of the statement that are not exact names → the rest of the code.
_VARIANTS = {
    ("action", "not-resource"): "NOT_RESOURCE",
    ("star", "not-resource"): "STAR_IN_ACTION_AND_NOT_RESOURCE",
    ("not-action", "not-resource"): "NOT_ACTION_AND_NOT_RESOURCE",
    ("action", "star"): "STAR_IN_RESOURCE",
    ("star", "star"): "STAR_IN_ACTION_AND_RESOURCE",
    ("not-action", "star"): "STAR_IN_RESOURCE_AND_NOT_ACTION",
}


def check(policy: Policy) -> None:
    if policy.kind is not PolicyKind.IDENTITY:
        return
    for part in policy.statements:
        if not part.allows:
            continue
        if not part.keys & {"iam:passedtoservice", "iam:associatedresourcearn"}:
            message = (
                "Any role, even the most powerful, may be passed to any service: name the roles, and the service "
                "with iam:PassedToService."
            )
            _look(policy, part, _PASS, "PASS_ROLE_WITH", SECURITY, message)
        if "iam:awsservicename" not in part.keys:
            message = "Service-linked roles of any service may be created: name the service with iam:AWSServiceName."
            _look(policy, part, _LINK, "CREATE_SLR_WITH", WARNING, message)


def _look(policy: Policy, part: Part, action: str, code: str, severity: LintSeverity, message: str) -> None:
    named, path = _named(part, action)
    open_to = _resource(part)
    variant = _VARIANTS.get((named, open_to))
    if variant is not None:
        policy.say(path, f"{code}_{variant}", severity, message)


def _named(part: Part, action: str) -> tuple[str, Path]:
    """Return how the statement names the action, and the path of that element.

    The first value is ``action`` (by name), ``star`` (by a pattern), ``not-action``, or "" if it does not name the
    action.
    """
    if "NotAction" in part.value:
        spared = any(action_matcher(text.text)(action) for text in part.texts("NotAction"))
        return ("" if spared else "not-action"), (*part.path, "NotAction")
    for text in part.texts("Action"):
        if text.text.lower() == action:
            return "action", text.path
    for text in part.texts("Action"):
        if has_wildcard(text.text) and action_matcher(text.text)(action):
            return "star", text.path
    return "", part.path


def _resource(part: Part) -> str:
    if "NotResource" in part.value:
        return "not-resource"
    return "star" if any(_every_role(text.text) for text in part.texts("Resource")) else ""


def _every_role(resource: str) -> bool:
    """Whether a resource pattern matches everything, every role, or every service-linked role."""
    if not resource.strip("*"):
        return True
    arn = Arn.parse(resource)
    if arn is None or arn.service != "iam":
        return False
    name = arn.resource.removeprefix("role/").removeprefix("aws-service-role/")
    return not name.strip("*/")
