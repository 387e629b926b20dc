"""A stack that creates a resource before the policy that the resource's role needs."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_EVENT = regex(
    r"\b(?P<name>[A-Za-z]\w{2,})\b(?:[ \t|]+(?:is|was|still|AWS::\w+::\w+|\|))*[ \t:|]+"
    r"(?P<status>CREATE_(?:IN_PROGRESS|COMPLETE|FAILED))\b"
)
"""A stack event: the logical ID of a resource, and its status."""
_POLICY = regex(
    r"\b(?P<name>[A-Za-z]\w{2,}):\s*\n?[ \t]*Type:[ \t]*[\"']?AWS::IAM::(?:ManagedPolicy|Policy|RolePolicy)\b"
    r"|\b(?P<event>[A-Za-z]\w{2,})\b\s+(?:\|\s*)?AWS::IAM::(?:ManagedPolicy|Policy|RolePolicy)\b"
)
_ORDERED = regex(r"\b(?:DependsOn|depends_on|dependsOn|addDependency|add_dependency)\b")


def before_its_policy(denial: Denial) -> Decision | None:
    """Return the decision for a resource that a stack creates while its role's policy is not yet complete; else None.

    AWS CloudFormation Template Reference, "DependsOn attribute": resources are created in parallel where none depends
    on another (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html).
    """
    text = denial.pasted or denial.text
    if (denial.stated_reason or "").startswith("explicit") or _ORDERED.search(text):
        return None
    states: dict[str, set[str]] = {}
    for each in _EVENT.finditer(text):
        states.setdefault(each["name"], set()).add(each["status"])
    known = {each["name"] or each["event"] for each in _POLICY.finditer(text)}
    policies = [name for name, had in states.items() if had == {"CREATE_IN_PROGRESS"} and _is_policy(name, known)]
    failed = [name for name, had in states.items() if "CREATE_FAILED" in had and not _is_policy(name, known)]
    if len(policies) != 1 or len(failed) != 1:
        return None
    (policy,), (resource,) = policies, failed
    return replace(
        decide(
            "identity.no-action",
            f"“{resource}” failed while “{policy}” was CREATE_IN_PROGRESS",
            f"Let {resource} depend on {policy}: most likely the stack creates {resource} before that policy is "
            "attached to the role, because only the role is referred to. The policy's actions are not known to be "
            "wrong.",
            f"Add DependsOn: {policy} to {resource}",
            Who.CALLER,
            "the template",
            f"Add DependsOn: {policy} to {resource} (CDK: node.addDependency), or write the policy into the role "
            "itself (Policies), and deploy again. Look at the policy's actions only if it still fails.",
        ),
        nearer=True,
    )


def _is_policy(name: str, known: set[str]) -> bool:
    return name in known or re.search(r"Polic(?:y|ies)", name) is not None
