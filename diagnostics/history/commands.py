"""The commands that restore a document that no plan can change: a resource's policy, a VPC endpoint's, an SCP.

AWS CLI Command Reference, https://docs.aws.amazon.com/cli/latest/reference/: ``put-bucket-policy`` of ``s3api``,
``put-key-policy`` of ``kms``, ``set-queue-attributes`` of ``sqs``, ``set-topic-attributes`` of ``sns``,
``add-permission`` of ``lambda``, ``set-repository-policy`` of ``ecr``, ``put-resource-policy`` of ``secretsmanager``
and ``glue``, ``put-permission`` of ``events``, ``modify-vpc-endpoint`` of ``ec2``, and those of ``organizations`` and
``sso-admin``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagnostics.commands import Untypable, aws, compact_json
from diagnostics.history.statements import meanings
from iam.arn import Arn, is_aws_managed
from iam.facts.global_services import url_suffix
from iam.history.change import Kind, Known, Part, Place, State
from iam.history.timeline import statements_of


def commands_for(place: Place, now: State, wanted: State) -> tuple[str, ...]:
    """Return the AWS CLI commands that change a document from ``now`` to ``wanted``, in order.

    Empty if no command can do this, because a state is unknown, a value cannot be pasted into a shell safely, or the
    service has no such call. Documents of roles, users, groups and managed policies are changed with a plan instead.
    """
    if not isinstance(wanted, Known) or not isinstance(now, Known):
        return ()
    try:
        match place.entity.kind:
            case Kind.RESOURCE if place.part is Part.POLICY:
                return tuple(_resource(place.entity.name, now.text or None, wanted.text or None))
            case Kind.ENDPOINT if wanted.text:
                given = (("vpc-endpoint-id", place.entity.name), ("policy-document", _compact(wanted.text)))
                return (aws("ec2", "modify-vpc-endpoint", *given),)
            case Kind.ORGANIZATION_POLICY if place.part is Part.POLICY and wanted.text:
                given = (("policy-id", place.entity.name), ("content", _compact(wanted.text)))
                return (aws("organizations", "update-policy", *given),)
            case Kind.TARGET:
                return _target(place, now, wanted)
            case Kind.PERMISSION_SET:
                return tuple(_permission_set(place, wanted))
    except Untypable:
        pass
    return ()


def _compact(text: str) -> str:
    try:
        return compact_json(json.loads(text))
    except ValueError:
        return text


# Policies of resources.


def _resource(arn: str, now: str | None, wanted: str | None) -> Iterator[str]:
    parts = Arn.parse(arn)
    make = _SERVICES.get(parts.service) if parts is not None else None
    if parts is not None and make is not None:
        yield from make(parts, now, _compact(wanted) if wanted else None)


def _s3(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    if "/" in arn.resource:
        return  # an access point, which has calls of its own for its policy
    bucket = ("bucket", arn.resource)
    if wanted is None:
        yield aws("s3api", "delete-bucket-policy", bucket)
    else:
        yield aws("s3api", "put-bucket-policy", bucket, ("policy", wanted))


def _kms(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    if wanted is not None:  # a key always has a policy
        named = ("key-id", str(arn)), ("policy-name", "default")
        yield aws("kms", "put-key-policy", *named, ("policy", wanted), ("region", arn.region))


def _sqs(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    """Yield the command for a queue. An empty policy removes it (Amazon SQS API Reference, SetQueueAttributes)."""
    url = f"https://sqs.{arn.region}.{url_suffix(arn.partition)}/{arn.account}/{arn.resource}"
    attributes = compact_json({"Policy": wanted or ""})
    yield aws("sqs", "set-queue-attributes", ("queue-url", url), ("attributes", attributes), ("region", arn.region))


def _sns(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    if wanted is not None:  # a topic always has a policy
        value = (("attribute-name", "Policy"), ("attribute-value", wanted))
        yield aws("sns", "set-topic-attributes", ("topic-arn", str(arn)), *value, ("region", arn.region))


_PRINCIPALS = ("Service", "AWS")
_CONDITIONS = {
    ("ArnLike", "AWS:SourceArn"): "source-arn",
    ("StringEquals", "AWS:SourceAccount"): "source-account",
    ("StringEquals", "aws:PrincipalOrgID"): "principal-org-id",
    ("StringEquals", "lambda:FunctionUrlAuthType"): "function-url-auth-type",
    ("StringEquals", "lambda:EventSourceToken"): "event-source-token",
}
"""Condition → the AddPermission parameter that creates it (AWS Lambda API Reference, AddPermission)."""


def _lambda(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    """Yield the commands for a function. Its policy cannot be replaced: statements are removed and added one by one."""
    words = arn.resource.split(":")
    name = ":".join(words[:2])
    function = (
        ("function-name", str(arn.beside(name))), ("qualifier", words[2] if len(words) > 2 else None)
    )  # fmt: skip
    region = ("region", arn.region)
    old, new = _by_meaning(now), _by_meaning(wanted)
    removed = [statement for meaning, statement in old.items() if meaning not in new]
    added = [statement for meaning, statement in new.items() if meaning not in old]
    options = [_permission(statement) for statement in added]
    if any(each is None for each in options) or any(not isinstance(each.get("Sid"), str) for each in removed):
        return  # running only some of the commands would leave the policy half changed
    for statement in removed:
        yield aws("lambda", "remove-permission", *function, ("statement-id", statement["Sid"]), region)
    for option in options:
        yield aws("lambda", "add-permission", *function, *(option or ()), region)


def _by_meaning(text: str | None) -> dict[str, dict[str, Any]]:
    if not text:
        return {}
    statements = statements_of(json.loads(text))
    pairs = zip(meanings(text), statements, strict=True)
    return {meaning: statement for meaning, statement in pairs if isinstance(statement, dict)}


def _permission(statement: Mapping[str, Any]) -> tuple[tuple[str, str | None], ...] | None:
    """Return the options of add-permission that create a statement; None if no options do."""
    sid, action, principal = statement.get("Sid"), statement.get("Action"), statement.get("Principal")
    if isinstance(principal, dict) and len(principal) == 1:
        principal = next((principal[key] for key in _PRINCIPALS if key in principal), None)
    if not (isinstance(sid, str) and isinstance(action, str) and isinstance(principal, str)):
        return None
    if statement.get("Effect") != "Allow" or set(statement) - {
        "Sid", "Effect", "Action", "Principal", "Resource", "Condition"
    }:  # fmt: skip
        return None
    found: list[tuple[str, str | None]] = [("statement-id", sid), ("action", action), ("principal", principal)]
    condition = statement.get("Condition") or {}
    if not isinstance(condition, dict):
        return None
    for operator, keys in condition.items():
        if not isinstance(keys, dict):
            return None
        for key, value in keys.items():
            option = next(
                (o for (op, k), o in _CONDITIONS.items() if op == operator and k.lower() == key.lower()), None
            )
            if option is None or not isinstance(value, str):
                return None
            found.append((option, value))
    return tuple(found)


def _ecr(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    named = (
        ("repository-name", arn.resource.partition("/")[2]), ("registry-id", arn.account), ("region", arn.region)
    )  # fmt: skip
    if wanted is None:
        yield aws("ecr", "delete-repository-policy", *named)
    else:
        yield aws("ecr", "set-repository-policy", *named, ("policy-text", wanted))


def _secret(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    named = (("secret-id", str(arn)), ("region", arn.region))
    if wanted is None:
        yield aws("secretsmanager", "delete-resource-policy", *named)
    else:
        yield aws("secretsmanager", "put-resource-policy", *named, ("resource-policy", wanted))


def _bus(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    named = (("event-bus-name", arn.resource.partition("/")[2]), ("region", arn.region))
    if wanted is None:
        yield aws("events", "remove-permission", "remove-all-permissions", *named)
    else:
        yield aws("events", "put-permission", *named, ("policy", wanted))


def _glue(arn: Arn, now: str | None, wanted: str | None) -> Iterator[str]:
    named = (("resource-arn", None if arn.resource == "catalog" else str(arn)), ("region", arn.region))
    if wanted is None:
        yield aws("glue", "delete-resource-policy", *named)
    else:
        yield aws("glue", "put-resource-policy", *named, ("policy-in-json", wanted))


_SERVICES: Mapping[str, Callable[[Arn, str | None, str | None], Iterator[str]]] = {
    "s3": _s3,
    "kms": _kms,
    "sqs": _sqs,
    "sns": _sns,
    "lambda": _lambda,
    "ecr": _ecr,
    "secretsmanager": _secret,
    "events": _bus,
    "glue": _glue,
}


# The organization, and IAM Identity Center.


def _target(place: Place, now: Known, wanted: Known) -> tuple[str, ...]:
    target = place.entity.name
    if place.part is Part.ATTACHED:
        operation = "detach-policy" if wanted.value is None else "attach-policy"
        return (aws("organizations", operation, ("policy-id", place.name), ("target-id", target)),)
    if place.part is Part.UNIT and now.value and wanted.value:
        moved = (("source-parent-id", now.value), ("destination-parent-id", wanted.value))
        return (aws("organizations", "move-account", ("account-id", target), *moved),)
    return ()


def _permission_set(place: Place, wanted: Known) -> Iterator[str]:
    """Yield the commands that change a permission set, and the one that applies it in the accounts.

    https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html
    """
    arn = Arn.parse(place.entity.name)
    if arn is None:
        return
    instance = str(arn.beside(f"instance/{arn.resource.split('/')[1]}")) if arn.resource.count("/") == 2 else None
    if instance is None:
        return
    named = (("instance-arn", instance), ("permission-set-arn", place.entity.name))
    if place.part is Part.INLINE:
        if wanted.text:
            put = ("inline-policy", _compact(wanted.text))
            yield aws("sso-admin", "put-inline-policy-to-permission-set", *named, put)
        else:
            yield aws("sso-admin", "delete-inline-policy-from-permission-set", *named)
    elif place.part is Part.ATTACHED and is_aws_managed(place.name):
        verb = "detach-managed-policy-from" if wanted.value is None else "attach-managed-policy-to"
        yield aws("sso-admin", f"{verb}-permission-set", *named, ("managed-policy-arn", place.name))
    else:
        return
    yield aws("sso-admin", "provision-permission-set", *named, ("target-type", "ALL_PROVISIONED_ACCOUNTS"))


__all__ = ["commands_for"]
