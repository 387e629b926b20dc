"""Lookups for the lint rules: global condition keys, AWS's lists, and likely corrections of misspelled names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from iam.service_reference import VARIABLE, ConditionKey, action, action_names, condition_keys, resource_types, services

# IAM User Guide, "AWS global condition context keys". A value of True: the key has several values.
GLOBAL_KEYS: dict[str, tuple[str, bool]] = {
    "aws:CalledVia": ("String", True),
    "aws:CalledViaAWSMCP": ("String", False),
    "aws:CalledViaFirst": ("String", False),
    "aws:CalledViaLast": ("String", False),
    "aws:ChatbotSourceArn": ("ARN", False),
    "aws:CurrentTime": ("Date", False),
    "aws:Ec2InstanceSourcePrivateIPv4": ("IPAddress", False),
    "aws:Ec2InstanceSourceVpc": ("String", False),
    "aws:EpochTime": ("Date", False),
    "aws:FederatedProvider": ("ARN", False),
    "aws:IsAWSMCPServiceAction": ("Bool", False),
    "aws:IsMcpServiceAction": ("Bool", False),
    "aws:MultiFactorAuthAge": ("Numeric", False),
    "aws:MultiFactorAuthPresent": ("Bool", False),
    "aws:PrincipalAccount": ("String", False),
    "aws:PrincipalArn": ("ARN", False),
    "aws:PrincipalIsAWSService": ("Bool", False),
    "aws:PrincipalOrgID": ("String", False),
    "aws:PrincipalOrgMasterAccountId": ("String", False),
    "aws:PrincipalOrgPaths": ("String", True),
    "aws:PrincipalServiceName": ("String", False),
    "aws:PrincipalServiceNamesList": ("String", True),
    "aws:PrincipalType": ("String", False),
    "aws:Referer": ("String", False),
    "aws:RequestedRegion": ("String", False),
    "aws:ResourceAccount": ("String", False),
    "aws:ResourceOrgID": ("String", False),
    "aws:ResourceOrgPaths": ("String", True),
    "aws:SecureTransport": ("Bool", False),
    "aws:SignInSessionArn": ("ARN", False),
    "aws:SourceAccount": ("String", False),
    "aws:SourceArn": ("ARN", False),
    "aws:SourceIdentity": ("String", False),
    "aws:SourceIp": ("IPAddress", False),
    "aws:SourceOrgID": ("String", False),
    "aws:SourceOrgPaths": ("String", True),
    "aws:SourceOwner": ("String", False),
    "aws:SourceVpc": ("String", False),
    "aws:SourceVpcArn": ("ARN", False),
    "aws:SourceVpce": ("String", False),
    "aws:TagKeys": ("String", True),
    "aws:TokenIssueTime": ("Date", False),
    "aws:UserAgent": ("String", False),
    "aws:userid": ("String", False),
    "aws:username": ("String", False),
    "aws:ViaAWSMCPService": ("Bool", False),
    "aws:ViaAWSService": ("Bool", False),
    "aws:VpceAccount": ("String", False),
    "aws:VpceOrgID": ("String", False),
    "aws:VpceOrgPaths": ("String", True),
    "aws:VpcSourceIp": ("IPAddress", False),
}
_GLOBAL = {key.lower(): type for key, type in GLOBAL_KEYS.items()}
GLOBAL_TAG_KEYS = ("aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/")
TAG_KEYS = tuple(key.lower() for key in GLOBAL_TAG_KEYS)


def keys_of(name: str) -> frozenset[str] | None:
    """Return the condition keys of an action and of its resource types, in lower case.

    None if AWS does not list the action.
    """
    known = action(name)
    return known.all_keys if known is not None else None


def brings(name: str, key: str) -> bool:
    """Whether an action supports a condition key. False for an action that AWS does not list."""
    low = key.lower()
    return any(low.startswith(known) if known.endswith(("/", ":")) else low == known for known in keys_of(name) or ())


def arn_services(service: str) -> frozenset[str]:
    """Return the service names that occur in the ARNs of a service's own resource types."""
    return frozenset(each.arn.split(":")[2] for each in resource_types(service).values())


def closest_action(service: str, name: str) -> str | None:
    """Return the service's action with the most similar name, or None."""
    names = action_names(service)
    near = get_close_matches(name.lower(), list(names), 1, 0.7)
    return f"{service}:{names[near[0]]}" if near else None


def closest_service(service: str) -> str | None:
    near = get_close_matches(service, list(services()), 1, 0.7)
    return near[0] if near else None


@cache
def own_shapes(service: str) -> tuple[tuple[str, ...], ...]:
    """Return the ARN templates of a service's own resource types, each split into six parts.

    They are a subset of `arn_shapes` that loads faster.
    """
    parts = (tuple(each.arn.split(":", 5)) for each in resource_types(service).values())
    return tuple(sorted({each for each in parts if len(each) == 6 and each[2] == service}))


@cache
def arn_shapes() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return all ARN templates by the service name in them, each split into six parts, with variables (``${Name}``).

    Resource types of other services are included: a Direct Connect gateway's ARN has the service name
    ``directconnect``.
    """
    found: dict[str, set[tuple[str, ...]]] = {}
    for service in services():
        for each in resource_types(service).values():
            parts = tuple(each.arn.split(":", 5))
            if len(parts) == 6:
                found.setdefault(parts[2], set()).add(parts)
    return {service: tuple(sorted(shapes)) for service, shapes in found.items()}


def key_type(key: str) -> tuple[str, bool] | None:
    """Return a condition key's type without ``ArrayOf``, and whether it can have several values.

    None for an unknown key.
    """
    low = key.lower()
    if low in _GLOBAL:
        return _GLOBAL[low]
    if low.startswith(TAG_KEYS):
        return "String", False
    known = (known for pattern, known in _keys(low.partition(":")[0]) if pattern.fullmatch(low))
    return next(((each.type, each.many) for each in known), None)


@cache
def _keys(service: str) -> tuple[tuple[re.Pattern[str], ConditionKey], ...]:
    own = ((low, key) for low, key in condition_keys(service).items() if low.startswith(f"{service}:"))
    return tuple((re.compile(_glob(low)), key) for low, key in own)


def _glob(template: str) -> str:
    return ".+".join(map(re.escape, VARIABLE.split(template)))
