"""Find the entity that a record concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.arn import Arn
from iam.facts.global_services import partition_of_region
from iam.history.calls import ChangeCall
from iam.history.change import HOLDERS, Entity, Kind

_RESPONSE = {
    ("iam.amazonaws.com", "CreatePolicy"): ("policy", "arn"),
    ("iam.amazonaws.com", "CreateServiceLinkedRole"): ("role", "roleName"),
    ("organizations.amazonaws.com", "CreatePolicy"): ("policy", "policySummary", "id"),
    ("sso.amazonaws.com", "CreatePermissionSet"): ("permissionSet", "permissionSetArn"),
    ("kms.amazonaws.com", "CreateKey"): ("keyMetadata", "arn"),
    ("sns.amazonaws.com", "CreateTopic"): ("topicArn",),
    ("ec2.amazonaws.com", "CreateVpcEndpoint"): ("CreateVpcEndpointResponse", "vpcEndpoint", "vpcEndpointId"),
}
"""The field of a response that identifies the created entity."""


def entity_of(call: ChangeCall, record: Mapping[str, Any], given: Mapping[str, Any]) -> Entity | None:
    """Return the entity that a record concerns, or None if the record does not identify it."""
    made = _RESPONSE.get((call.source, call.event))
    if made is not None:
        name = _deep(record.get("responseElements"), made)
        if name is None and call.source == "ec2.amazonaws.com":
            name = _deep(record.get("responseElements"), made[1:])
        if name is None and (call.source, call.event) == ("iam.amazonaws.com", "CreatePolicy"):
            name = _policy_arn(record, given)
        return Entity(call.kind, name) if name else None
    name = _parameter(given, call.entity)
    if call.kind is Kind.RESOURCE:
        arn = _resource(call, record, given, name)
        return Entity(Kind.RESOURCE, arn) if arn else None
    if name is None and call.kind is Kind.ENDPOINT:
        return None
    return Entity(call.kind, name) if name else None


def arn_of(entity: Entity | None, record: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """Return the entity's ARN, or None if the record lacks a part of it: a role's path is often missing."""
    if entity is None:
        return None
    if entity.name.startswith("arn:"):
        return entity.name
    response = record.get("responseElements")
    for word in ("role", "user", "group", "policy"):
        made = _deep(response, (word, "arn")) or _deep(response, (word, "policySummary", "arn"))
        if made:
            return made
    account, partition = account_in(record), partition_in(record)
    if entity.kind in HOLDERS and account:
        path = given.get("path") if isinstance(given.get("path"), str) else "/"
        return f"arn:{partition}:iam::{account}:{entity.kind.value}{path}{entity.name}"
    if entity.kind is Kind.ENDPOINT and account:
        return f"arn:{partition}:ec2:{record.get('awsRegion')}:{account}:vpc-endpoint/{entity.name}"
    return None


def account_in(record: Mapping[str, Any]) -> str:
    """Return the ID of the account that the record belongs to."""
    account = record.get("recipientAccountId")
    if isinstance(account, str) and account:
        return account
    identity = record.get("userIdentity")
    found = identity.get("accountId") if isinstance(identity, dict) else None
    return found if isinstance(found, str) else ""


def partition_in(record: Mapping[str, Any]) -> str:
    """Return the partition of the Region in the record: ``aws``, ``aws-cn`` or ``aws-us-gov``."""
    return partition_of_region(str(record.get("awsRegion") or ""))


def _policy_arn(record: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """Return the ARN that a new policy gets. Its name and path are in the request."""
    name, path, account = given.get("policyName"), given.get("path") or "/", account_in(record)
    if not isinstance(name, str) or not isinstance(path, str) or not account:
        return None
    return f"arn:{partition_in(record)}:iam::{account}:policy{path}{name}"


def _resource(call: ChangeCall, record: Mapping[str, Any], given: Mapping[str, Any], name: str | None) -> str | None:
    service = call.source.partition(".")[0]
    listed = _listed(record, service)
    partition, region, account = partition_in(record), str(record.get("awsRegion") or ""), account_in(record)
    if name is None and record.get("requestParameters") not in (None, {}) and not given:
        return listed  # the omitted parameters may name a resource other than the default one
    if service == "glue":
        return name or f"arn:{partition}:glue:{region}:{account}:catalog"
    if service == "events":
        bus = name or "default"
        return bus if bus.startswith("arn:") else f"arn:{partition}:events:{region}:{account}:event-bus/{bus}"
    if name is None:
        return listed
    if service == "lambda":
        return _function(name, given, partition, region, account)
    if name.startswith("arn:"):
        return name
    match service:
        case "s3":
            return f"arn:{partition}:s3:::{name}"
        case "kms":
            if listed:
                return listed
            return f"arn:{partition}:kms:{region}:{account}:key/{name}" if not name.startswith("alias/") else None
        case "sqs":
            queue = name.rstrip("/").rpartition("/")[2]
            owner = name.rstrip("/").rpartition("/")[0].rpartition("/")[2]
            owner = owner if owner.isdigit() else account
            return f"arn:{partition}:sqs:{region}:{owner}:{queue}"
        case "sns":
            return f"arn:{partition}:sns:{region}:{account}:{name}"
        case "ecr":
            registry = given.get("registryId")
            owner = registry if isinstance(registry, str) and registry else account
            return f"arn:{partition}:ecr:{region}:{owner}:repository/{name}"
        case "secretsmanager":
            # A secret's ARN ends with six characters that its name does not contain.
            answered = _deep(record.get("responseElements"), ("aRN",)) or _deep(
                record.get("responseElements"), ("arn",)
            )
            return answered or listed or f"arn:{partition}:secretsmanager:{region}:{account}:secret:{name}"
    return listed


def _function(name: str, given: Mapping[str, Any], partition: str, region: str, account: str) -> str:
    """Return the ARN of a function.

    A request may contain its name, a part of its ARN or its ARN, with or without a qualifier.
    """
    words = name.split(":")
    if "function" in words:
        words = words[words.index("function") + 1 :]
    elif len(words) > 1 and words[0].isdigit():
        words = words[1:]
    qualifier = given.get("qualifier")
    if isinstance(qualifier, str) and qualifier and len(words) == 1:
        words.append(qualifier)
    owner = name.split(":")[4] if name.startswith("arn:") and name.count(":") >= 6 else account
    return f"arn:{partition}:lambda:{region}:{owner}:function:{':'.join(words)}"


def _listed(record: Mapping[str, Any], service: str) -> str | None:
    """Return the first ARN of the service in the record's ``resources``, or None."""
    listed = record.get("resources")
    for each in listed if isinstance(listed, list) else ():
        arn = each.get("ARN") or each.get("arn") if isinstance(each, dict) else each
        parts = Arn.parse(arn) if isinstance(arn, str) else None
        if parts is not None and parts.service == service:
            return str(parts)
    return None


def _parameter(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name) if name else None
    if value is None and name:  # EC2 wraps its parameters and capitalizes their names
        for inner in given.values():
            if isinstance(inner, dict):
                value = inner.get(name[:1].upper() + name[1:], inner.get(name))
                if value is not None:
                    break
    return value if isinstance(value, str) and value and not value.startswith("HIDDEN_") else None


def _deep(value: Any, path: tuple[str, ...]) -> str | None:
    for word in path:
        value = value.get(word) if isinstance(value, dict) else None
    return value if isinstance(value, str) and value else None
