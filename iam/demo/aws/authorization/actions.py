"""Determine the permissions that a call needs, with their resources and condition keys.

According to AWS's service reference, the action usually has the operation's name; this module lists the exceptions
among the calls that rolescope makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.iam.models import IAMBackend

from iam.demo.account.facts import HOME_REGION
from iam.demo.aws.authorization.callers import tags_of
from iam.demo.aws.wire import DemoCall
from iam.demo.aws.world import World

Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NeededPermission:
    """One permission that a call needs. ``shown`` is the resource as AWS's message shows it, usually the ARN."""

    action: str
    resource: str = "*"
    shown: str = ""
    context: Context = field(default_factory=dict)


_S3_ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketEncryption": "GetEncryptionConfiguration",
}
_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "iam-toolbox": "iam",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "stepfunctions": "states",
}
# Anyone with valid keys may make these calls (AWS documentation of GetCallerIdentity and GetSessionToken).
_FREE = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken")}
# The role's trust policy authorizes these calls; it is evaluated where the role is assumed.
UNSIGNED = {("sts", "AssumeRoleWithWebIdentity"), ("sts", "AssumeRoleWithSAML")}
_DECIDED_ELSEWHERE = {("sts", "AssumeRole"), *UNSIGNED}


def needs(world: World, call: DemoCall) -> tuple[NeededPermission, ...]:
    """Return the permissions that the call needs; empty if everyone may make the call."""
    key = (call.service, call.operation)
    if key in _FREE or key in _DECIDED_ELSEWHERE:
        return ()
    prefix = _PREFIXES.get(call.service, call.signing_name)
    if call.service == "iam":
        return _iam(world.iam, call)
    if call.service == "s3":
        return (_s3(call),)
    resource = _regional(call, world.account)
    operation = call.operation.split("2015")[0].removesuffix("V2")
    return (NeededPermission(f"{prefix}:{operation}", resource, resource),)


def _s3(call: DemoCall) -> NeededPermission:
    action = f"s3:{_S3_ACTIONS.get(call.operation, call.operation)}"
    bucket, key = call.get("Bucket"), call.get("Key")
    if not bucket:
        return NeededPermission(action, "*", '"arn:aws:s3:::*"')
    resource = f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else "")
    return NeededPermission(action, resource, f'"{resource}"')


def _regional(call: DemoCall, account: str) -> str:
    """Return the ARN of the resource that the call's parameters name, or ``*`` if they name none."""
    region = call.region
    for name in ("KeyId", "SecretId", "ResourceArn", "resourceArn", "TopicArn", "FunctionName", "ResourceARN"):
        value = call.get(name)
        if not isinstance(value, str):
            continue
        if value.startswith("arn:"):
            return value
        kind = {"KeyId": "key/", "SecretId": "secret:", "FunctionName": "function:"}.get(name, "")
        return f"arn:aws:{call.signing_name}:{region}:{account}:{kind}{value}"
    queue = call.get("QueueName") or str(call.get("QueueUrl") or "").rpartition("/")[2]
    if call.service == "sqs" and queue:
        return f"arn:aws:sqs:{region}:{account}:{queue}"
    return "*"


def _arn(backend: IAMBackend, kind: str, path: str, name: str) -> str:
    return f"arn:aws:iam::{backend.account_id}:{kind}{path}{name}"


def _iam(backend: IAMBackend, call: DemoCall) -> tuple[NeededPermission, ...]:
    action = f"iam:{call.operation}"
    if call.operation == "AddRoleToInstanceProfile":
        profile, role = str(call.get("InstanceProfileName")), str(call.get("RoleName"))
        held = _entity(backend, "instance-profile", profile)
        resource = held.arn if held else _arn(backend, "instance-profile", "/", profile)
        passed = role_resource(backend, role)
        return (
            NeededPermission(action, resource, f"instance profile {profile}"),
            NeededPermission("iam:PassRole", passed, passed, {"iam:PassedToService": ("ec2.amazonaws.com",)}),
        )
    need = _by_parameter(backend, call, action)
    keys = _keys(backend, call)
    needed = (NeededPermission(need.action, need.resource, need.shown, {**need.context, **keys}),)
    tagging = _TAGGING.get(call.operation)
    if tagging is None or not call.get("Tags"):
        return needed
    tags = {key: values for key, values in keys.items() if key.startswith("aws:")}
    return (*needed, NeededPermission(tagging, need.resource, need.shown, tags))


# A call that sets tags on what it creates also requires the permission to tag it.
_TAGGING = {
    "CreateInstanceProfile": "iam:TagInstanceProfile",
    "CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
    "CreatePolicy": "iam:TagPolicy",
    "CreateRole": "iam:TagRole",
    "CreateSAMLProvider": "iam:TagSAMLProvider",
    "CreateUser": "iam:TagUser",
}


# (parameter, kind in the ARN, kind in a message, creating operation). If a call has several, the first is its resource.
_NAMED = (
    ("InstanceProfileName", "instance-profile", "instance profile", ("CreateInstanceProfile",)),
    ("RoleName", "role", "role", ("CreateRole",)),
    ("GroupName", "group", "group", ("CreateGroup",)),
    ("UserName", "user", "user", ("CreateUser",)),
    ("PolicyName", "policy", "policy", ("CreatePolicy",)),
    ("ServerCertificateName", "server-certificate", "server certificate", ("UploadServerCertificate",)),
)
_ARNS = ("PolicyArn", "PolicySourceArn", "OpenIDConnectProviderArn", "SAMLProviderArn", "Arn", "SerialNumber")
_LISTS = {
    "ListRoles": "role/",
    "ListUsers": "user/",
    "ListGroups": "group/",
    "ListPolicies": "policy/",
    "ListInstanceProfiles": "instance-profile/",
    "ListOpenIDConnectProviders": "oidc-provider/",
    "ListSAMLProviders": "saml-provider/",
    "ListServerCertificates": "server-certificate/",
}


def role_resource(backend: IAMBackend, name: str) -> str:
    held = _entity(backend, "role", name)
    return str(held.arn) if held else _arn(backend, "role", "/", name)


def _entity(backend: IAMBackend, kind: str, name: str) -> Any:
    """Return moto's role, user, group or instance profile with this name, or None."""
    found: Any = None
    if kind == "role":
        found = next((role for role in backend.roles.values() if role.name == name), None)
    elif kind == "user":
        found = backend.users.get(name)
    elif kind == "group":
        found = backend.groups.get(name)
    elif kind == "instance-profile":
        found = backend.instance_profiles.get(name)
    return found


def _by_parameter(backend: IAMBackend, call: DemoCall, action: str) -> NeededPermission:
    if place := _LISTS.get(call.operation):
        resource = f"arn:aws:iam::{backend.account_id}:{place}"
        return NeededPermission(action, f"{resource}*", resource)
    for parameter, kind, word, creating in _NAMED:
        name = call.get(parameter)
        if not name:
            continue
        if call.operation in creating:
            resource = _arn(backend, kind, str(call.get("Path") or "/"), name)
            return NeededPermission(action, resource, resource)
        if kind == "policy":
            continue  # the name of an inline policy: the resource is the entity that the policy belongs to
        held = _entity(backend, kind, name)
        return NeededPermission(action, getattr(held, "arn", None) or _arn(backend, kind, "/", name), f"{word} {name}")
    for parameter in _ARNS:
        if value := call.get(parameter):
            return NeededPermission(action, value, f"policy {value}" if parameter == "PolicyArn" else value)
    if call.operation == "CreateOpenIDConnectProvider":
        resource = f"arn:aws:iam::{backend.account_id}:oidc-provider/{str(call.get('Url')).removeprefix('https://')}"
        return NeededPermission(action, resource, resource)
    if call.operation == "CreateSAMLProvider":
        resource = f"arn:aws:iam::{backend.account_id}:saml-provider/{call.get('Name')}"
        return NeededPermission(action, resource, resource)
    if call.operation == "CreateServiceLinkedRole":
        service = str(call.get("AWSServiceName"))
        resource = f"arn:aws:iam::{backend.account_id}:role/aws-service-role/{service}/*"
        return NeededPermission(action, resource, resource)
    return NeededPermission(action, "*", "*")


def _keys(backend: IAMBackend, call: DemoCall) -> Context:
    """Return IAM's own condition keys, and those of the tags in the request and on the role."""
    context: dict[str, tuple[str, ...]] = {"aws:RequestedRegion": (HOME_REGION,)}
    if value := call.get("PermissionsBoundary"):
        context["iam:PermissionsBoundary"] = (value,)
    if value := call.get("PolicyArn"):
        context["iam:PolicyARN"] = (value,)
    if value := call.get("AWSServiceName"):
        context["iam:AWSServiceName"] = (value,)
    tags = {tag["Key"]: tag["Value"] for tag in call.get("Tags") or ()}
    context |= {f"aws:RequestTag/{key}": (value,) for key, value in tags.items()}
    if tags or call.get("TagKeys"):
        context["aws:TagKeys"] = tuple(tags) or tuple(call.get("TagKeys"))
    if name := call.get("RoleName"):
        held = next((role for role in backend.roles.values() if role.name == name), None)
        if held is not None:
            for key, value in tags_of(held).items():
                context[f"aws:ResourceTag/{key}"] = context[f"iam:ResourceTag/{key}"] = (value,)
            # In calls on an existing role, the key contains the boundary that the role has.
            if held.permissions_boundary_arn and "iam:PermissionsBoundary" not in context:
                context["iam:PermissionsBoundary"] = (held.permissions_boundary_arn,)
    return context
