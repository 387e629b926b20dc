"""Check for condition keys that requests never contain, given the statement's actions and principals.

Also check that the resources in a resource policy belong to the service of its actions.
"""

from __future__ import annotations

from iam.policy.lint import reference
from iam.policy.lint.finding import ERROR, SECURITY, SUGGESTION, Part, Policy, PolicyKind, Text
from iam.policy.match import has_wildcard
from iam.policy.operators import operator
from iam.policy.words import listed
from iam.service_reference import action_names
from iam.service_reference import services as all_services

_RESOURCE_TAG = "aws:resourcetag/"
# Keys that only principals of an account have: a service that calls on its own has none of them (IAM User Guide, "AWS
# global condition context keys").
_OF_ACCOUNTS = frozenset(
    {"aws:principalorgid", "aws:principalorgpaths", "aws:principalorgmasteraccountid", "aws:userid", "aws:username"}
)
_OF_CREDENTIALS = frozenset({"ec2:sourceinstancearn", "glue:roleassumedby", "lambda:sourcefunctionarn"})
# Keys about the resource to which the policy is attached: in its own policy, their values are known.
_OF_THE_RESOURCE = frozenset({"s3:resourceaccount"})


def check(policy: Policy) -> None:
    for part in policy.statements:
        for written, key, place, _ in part.conditions():
            parts = operator(written)
            if parts is None:
                continue
            absent_is_false = not parts.negated and not parts.if_exists and parts.base != "Null" and parts.over != "all"
            if absent_is_false and key.lower().startswith(_RESOURCE_TAG):
                _tags(policy, part, key, place)
            elif not parts.if_exists:
                _actions(policy, part, key, place)
            _key_of_policy(policy, part, key, place)
        if policy.kind is PolicyKind.RESOURCE:
            _resources(policy, part)


def _named(part: Part) -> tuple[str, ...]:
    """Return the statement's actions that AWS lists, in lower case, without patterns.

    "If the Action element has actions with wildcards, IAM Access Analyzer doesn't evaluate those".
    """
    low = (text.text.lower() for text in part.texts("Action"))
    return tuple(action for action in low if not has_wildcard(action) and reference.keys_of(action) is not None)


def _actions(policy: Policy, part: Part, key: str, place: Text) -> None:
    low = key.lower()
    service = low.partition(":")[0]
    # Tag keys are spelled differently in AWS's lists, and credentials add keys to every call.
    if (
        "/" in low
        or low in _OF_CREDENTIALS
        or not any(reference.brings(f"{service}:{name}", key) for name in action_names(service))
    ):
        return
    without = [action for action in _named(part) if not reference.brings(action, key)]
    if without:
        message = (
            f"{key} is not supported by {listed(without)}: the condition is not evaluated for them. Split the "
            "statement."
        )
        policy.say(place.path, "UNSUPPORTED_ACTION_FOR_CONDITION_KEY", ERROR, message)


def _tags(policy: Policy, part: Part, key: str, place: Text) -> None:
    word, severity = ("ALLOW", SUGGESTION) if part.allows else ("DENY", SECURITY)
    effect = "allowed" if part.allows else "denied"
    if "NotAction" in part.value:
        message = (
            f"Some actions do not support {key}, and are not {effect} here: name the actions instead of NotAction."
        )
        policy.say(place.path, f"{word}_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", severity, message)
        return
    without = [action for action in _named(part) if not reference.brings(action, key)]
    if without:
        services = sorted({action.partition(":")[0] for action in without})
        message = (
            f"{key} is not supported by {listed(without)} of {listed(services)}: nothing is {effect} there. Split the "
            "statement."
        )
        policy.say(place.path, f"{word}_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", severity, message)


def _key_of_policy(policy: Policy, part: Part, key: str, place: Text) -> None:
    low = key.lower()
    if policy.kind is PolicyKind.RESOURCE and low in _OF_THE_RESOURCE:
        message = f"{key} has no effect in the resource's own policy: use it in identity policies."
        policy.say(place.path, "IRRELEVANT_CONDITION_KEY_IN_POLICY", SUGGESTION, message)
    services = [text.text for kind, text in part.principals() if kind == "Service"]
    of_accounts = low in _OF_ACCOUNTS or low.startswith("aws:principaltag/")
    if services and of_accounts and policy.kind in (PolicyKind.RESOURCE, PolicyKind.TRUST):
        message = f"{listed(services)} calls without {key}: test aws:SourceOrgID or aws:SourceAccount instead."
        policy.say(place.path, "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", ERROR, message)


def _resources(policy: Policy, part: Part) -> None:
    """Check that a resource policy names resources of the service of its actions, to which it is attached."""
    services = {text.text.lower().partition(":")[0] for text in part.texts("Action")}
    if not services or not services <= all_services().keys():
        return
    known = {shape for service in services for shape in reference.arn_services(service)}
    for text in (*part.texts("Resource"), *part.texts("NotResource")):
        parts = text.text.lower().split(":")
        if known and parts[0] == "arn" and len(parts) > 2 and parts[2] in all_services().keys() - known:
            message = (
                f"A policy with actions of {listed(sorted(services))} cannot be attached to a resource of {parts[2]}."
            )
            policy.say(text.path, "UNSUPPORTED_RESOURCE_ARN_IN_POLICY", ERROR, message)
