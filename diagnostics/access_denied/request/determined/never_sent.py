"""Condition keys that no request for an action contains, or none for a type of resource, by AWS's lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagnostics.access_denied.request.determined.created_resources import IS_NEW, is_created
from diagnostics.failure import Denial
from iam.claims import Source, Sourced, Values
from iam.policy.condition_keys import Presence, presence
from iam.policy.principal import Kind, caller
from iam.service_reference import Action, condition_keys, keys_on, services
from iam.service_reference import action as known_action
from iam.words import listing

OTHER_SERVICES_KEYS = frozenset(
    {"ec2:sourceinstancearn", "ec2:roledelivery", "lambda:sourcefunctionarn", "ssm:sourceinstancearn"}
    | {"glue:credentialissuingservice", "identitystore:userid", "ecs:sourcetaskarn", "bedrock:sourceagentarn"}
)
"""Keys that have one service's prefix, but that requests to other services also contain, because they are properties of
the session (IAM User Guide, "AWS global condition context keys":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)."""


def never_sent_keys(
    denial: Denial, action: str, resource: str, asked: Iterable[str]
) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the keys that, according to AWS's lists, no request for the action contains, or none for this resource."""
    known = known_action(action)
    kind = caller(denial.principal).kind if denial.principal else None
    for key in asked:
        low = key.lower()
        if kind is not None and presence(low, kind, action.lower()) is Presence.NEVER:
            whose = "an AWS service" if kind is Kind.SERVICE else "such a caller"
            yield key, Sourced((), Source.DEFAULT, f"a request of {whose} has no such key")
        elif ":resourcetag/" in low and is_created(denial, action):
            yield key, Sourced((), Source.DEFAULT, IS_NEW)
        elif known is not None and (why := _not_of(low, known, resource)):
            yield key, Sourced((), Source.DEFAULT, why)


def _not_of(key: str, action: Action, resource: str) -> str:
    """Return why no request for the action contains the key (in lower case); "" if one may."""
    service, prefix = action.name.partition(":")[0].lower(), key.partition(":")[0]
    if prefix == "aws" or prefix not in services() or key in OTHER_SERVICES_KEYS or _listed(key, action.all_keys):
        return _not_on(key, action, resource)
    if prefix != service:
        return f"only requests to {services()[prefix] or prefix} have keys that begin with {prefix}:"
    if key in condition_keys(service):
        return f"AWS lists this key for other actions of {service}, and not for {action.name}"
    return ""


def _not_on(key: str, action: Action, resource: str) -> str:
    """Return why a request for the action lacks the key for this type of resource, though not for another type.

    "" if the request may contain it.
    """
    if key.startswith("aws:"):
        return _not_tagged(key, action, resource)
    on = keys_on(action.name)
    if resource == "*":
        without = [name for name in sorted(action.required) if key not in on.get(name.lower(), frozenset())]
        others = sorted(name for name, keys in on.items() if key in keys)
        sent = f"it is sent for the {listing(others[:3])}, and not for the "
        return f"{sent}{without[0]}, which the call needs too" if without and others else ""
    kind = next((each for each in action.resource_types if each.fits(resource)), None)
    if kind is None:
        return ""
    own = on.get(kind.name.lower(), frozenset())
    others = sorted(name for name, keys in on.items() if key in keys)
    return f"it is sent for the {others[0]} and not for the {kind.name}" if others and key not in own else ""


def _not_tagged(key: str, action: Action, resource: str) -> str:
    """Return why the call sends no tags for this type of resource, although it does for another; "" if it may."""
    kind = next((each for each in action.resource_types if each.fits(resource)), None)
    if kind is None or resource == "*":
        return ""
    tagged = tagged_types(key, action.name)
    if not tagged or kind.name.lower() in tagged:
        return ""
    return f"{action.name.partition(':')[2]} sends no tags for the {kind.name}, only for what it creates"


def tagged_types(key: str, action: str) -> list[str]:
    """Return the resource types for which the action's requests send the tag ``key``; [] for other keys.

    Amazon EC2 checks aws:RequestTag and aws:TagKeys for each resource of a call, and only those that the call creates
    get tags (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2":
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
    """
    if not key.lower().startswith(("aws:requesttag/", "aws:tagkeys")):
        return []
    return sorted(kind for kind, keys in keys_on(action).items() if "aws:tagkeys" in keys)


def _listed(key: str, listed: frozenset[str]) -> bool:
    return key in listed or any(each.endswith(("/", ":")) and key.startswith(each) for each in listed)
