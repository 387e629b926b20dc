"""Checks that IAM makes before it carries out a call, but moto does not.

They find malformed fields, missing entities, names that are taken (ignoring case and path), and roles that belong to
AWS. Wording: AWS's own, as users quote it (reference: IAM API documentation, "Common errors", and collected messages).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moto.core.model import Shape
from moto.iam.models import IAMBackend

from iam.demo.aws import aws_managed
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World

SERVICE_LINKED, RESERVED = "/aws-service-role/", "/aws-reserved/"


# Fields


def fields(world: World, call: DemoCall) -> None:
    """Check lengths, ranges and characters against the service's own model."""
    shape = call.model.input_shape
    members: Mapping[str, Shape] = shape.members if shape is not None else {}
    faults = [
        f"Value '{value}' at '{name[:1].lower()}{name[1:]}' failed to satisfy constraint: {wanted}"
        for name, value in call.parameters.items()
        if name in members
        for wanted in _constraints(members[name], value)
    ]
    if faults:
        word = "error" if len(faults) == 1 else "errors"
        raise AwsError("ValidationError", f"{len(faults)} validation {word} detected: {'; '.join(faults)}")


def _constraints(shape: Shape, value: Any) -> Iterator[str]:
    limits = shape.metadata
    if isinstance(value, str) and shape.type_name == "string":
        if "max" in limits and len(value) > limits["max"]:
            yield f"Member must have length less than or equal to {limits['max']}"
        if "pattern" in limits and _mismatch(limits["pattern"], value):
            yield f"Member must satisfy regular expression pattern: {limits['pattern']}"
        if "enum" in limits and value not in limits["enum"]:
            yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    elif isinstance(value, int) and not isinstance(value, bool):
        if "min" in limits and value < limits["min"]:
            yield f"Member must have value greater than or equal to {limits['min']}"
        if "max" in limits and value > limits["max"]:
            yield f"Member must have value less than or equal to {limits['max']}"


def _mismatch(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value, re.ASCII) is None
    except re.error:  # Java syntax such as \p{L}, which Python does not support: moto checks those patterns itself
        return False


# Entities that must exist


def present(world: World, call: DemoCall) -> None:
    """Raise NoSuchEntity, with AWS's wording, if an entity that the call needs does not exist."""
    backend, operation = world.iam, call.operation
    if "PolicyArn" in call.parameters or "PermissionsBoundary" in call.parameters:
        arns = (call.get("PolicyArn"), call.get("PermissionsBoundary"))
        aws_managed.load(backend, (arn for arn in arns if arn))
    if operation == "ListPolicies" and call.get("Scope") != "Local" and not call.get("OnlyAttached"):
        aws_managed.load_all(backend)
    name = call.get("RoleName")
    if name and operation != "CreateRole" and not any(role.name == name for role in backend.roles.values()):
        raise _missing(f"The role with name {name} cannot be found.")
    name = call.get("UserName")
    if name and operation != "CreateUser" and name not in backend.users:
        raise _missing(f"The user with name {name} cannot be found.")
    name = call.get("GroupName")
    if name and operation != "CreateGroup" and name not in backend.groups:
        raise _missing(f"The group with name {name} cannot be found.")
    name = call.get("InstanceProfileName")
    if name and operation != "CreateInstanceProfile" and name not in backend.instance_profiles:
        raise _missing(f"Instance Profile {name} cannot be found.")
    if operation == "RemoveRoleFromInstanceProfile":
        held = backend.instance_profiles[str(name)].roles
        if not any(role.name == call.get("RoleName") for role in held):
            raise _missing(f"Role {call.get('RoleName')} is not in the instance profile {name}.")
    _policies_present(backend, call)


_policy_arn = re.compile(r"arn:aws[\w-]*:iam::(\d{12}|aws):policy/\S+")


def _policies_present(backend: IAMBackend, call: DemoCall) -> None:
    arn, boundary = call.get("PolicyArn"), call.get("PermissionsBoundary")
    for given in (arn, boundary):
        if given and not _policy_arn.fullmatch(given):
            raise AwsError("InvalidInput", f"ARN {given} is not valid.")
    if boundary and (boundary not in backend.managed_policies or f"policy{SERVICE_LINKED}" in boundary):
        if call.operation.startswith("Put") and boundary in backend.managed_policies:
            raise AwsError("PolicyNotAttachable", f"Policy {boundary} is not attachable.")
        raise _missing(f"Scope ARN: {boundary} does not exist or is not attachable.")
    if not arn:
        return
    if arn not in backend.managed_policies:
        if call.operation.startswith("Attach"):
            raise _missing(f"Policy {arn} does not exist or is not attachable.")
        raise _missing(f"Policy {arn} was not found.")
    if call.operation.startswith("Attach") and f"policy{SERVICE_LINKED}" in arn:
        raise AwsError("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
    if ":iam::aws:" in arn and call.operation in (
        "CreatePolicyVersion",
        "DeletePolicy",
        "DeletePolicyVersion",
        "SetDefaultPolicyVersion",
        "TagPolicy",
    ):
        raise AwsError("AccessDenied", f"Cannot modify the AWS managed policy {arn}.", 403)


def tags(world: World, call: DemoCall) -> None:
    """Reject tag keys that begin with aws:, which are reserved for AWS (IAM User Guide, "Tags for IAM resources")."""
    for tag in call.get("Tags") or ():
        if str(tag.get("Key") or "").lower().startswith("aws:"):
            raise AwsError("InvalidInput", f"Invalid tag key {tag['Key']}: keys must not start with aws:.")


def _missing(message: str) -> AwsError:
    return AwsError("NoSuchEntity", message)


# Names that are taken


def names(world: World, call: DemoCall) -> None:
    """Reject a name that is taken, ignoring case and path. Each kind of entity has its own namespace."""
    backend, get = world.iam, call.get
    taken: Mapping[str, tuple[Any, Iterable[str], str]] = {
        "CreateRole": (get("RoleName"), _names(backend.roles), "Role with name {} already exists."),
        "CreateUser": (get("UserName"), backend.users, "User with name {} already exists."),
        "UpdateUser": (get("NewUserName"), backend.users, "User with name {} already exists."),
        "CreateGroup": (get("GroupName"), backend.groups, "Group with name {} already exists."),
        "UpdateGroup": (get("NewGroupName"), backend.groups, "Group with name {} already exists."),
        "CreateInstanceProfile": (
            get("InstanceProfileName"),
            backend.instance_profiles,
            "Instance Profile {} already exists.",
        ),
        "CreatePolicy": (
            get("PolicyName"),
            _names({arn: one for arn, one in backend.managed_policies.items() if ":iam::aws:" not in arn}),
            "A policy called {} already exists. Duplicate names are not allowed.",
        ),
        "CreateSAMLProvider": (get("Name"), _names(backend.saml_providers), "Provider with name {} already exists."),
        "UploadServerCertificate": (
            get("ServerCertificateName"),
            backend.certificates,
            "The Server Certificate with name {} already exists.",
        ),
    }
    if call.operation in taken:
        name, held, text = taken[call.operation]
        own = str(get("UserName") or get("GroupName") or "").lower() if call.operation.startswith("Update") else None
        if name and any(name.lower() == one.lower() != own for one in held):
            raise AwsError("EntityAlreadyExists", text.format(name))
    if call.operation == "CreateOpenIDConnectProvider":
        url = str(get("Url"))
        if any(_address(url) == provider.url.lower().rstrip("/") for provider in backend.open_id_providers.values()):
            raise AwsError("EntityAlreadyExists", f"Provider with url {url} already exists.")
    if call.operation == "CreateLoginProfile":
        user = backend.users[get("UserName")]
        if user.password:
            raise AwsError("EntityAlreadyExists", f"Login Profile for user {user.name} already exists.")


def _names(entities: Mapping[str, Any]) -> list[str]:
    return [entity.name for entity in entities.values()]


def _address(url: str) -> str:
    return url.lower().removeprefix("https://").removeprefix("http://").rstrip("/")


# Roles that belong to AWS

# The account may change only the description and the tags of a service-linked role.
_CHANGES = frozenset(
    {
        "AddRoleToInstanceProfile",
        "AttachRolePolicy",
        "DeleteRole",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "RemoveRoleFromInstanceProfile",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
    }
)
_CHANGES_OF_RESERVED = _CHANGES | {"TagRole", "UntagRole", "UpdateRoleDescription"}


def protected(world: World, call: DemoCall) -> None:
    """Reject changes to service-linked roles and to Identity Center's roles: only AWS changes them."""
    name = call.get("RoleName")
    if not name or call.operation not in _CHANGES_OF_RESERVED:
        return
    path = world.iam.get_role(name).path
    if path.startswith(SERVICE_LINKED) and call.operation == "UpdateRole" and not call.get("MaxSessionDuration"):
        return
    if (path.startswith(SERVICE_LINKED) and call.operation in _CHANGES) or path.startswith(RESERVED):
        raise AwsError(
            "UnmodifiableEntity",
            f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS",
        )


def paths(world: World, call: DemoCall) -> None:
    """Reject paths and names that are reserved for AWS's own roles."""
    path = str(call.get("Path") or "/")
    if call.operation == "CreateRole" and path.startswith((SERVICE_LINKED, RESERVED)):
        raise AwsError("InvalidInput", f"Cannot use the path {path}: it is reserved for AWS.")
