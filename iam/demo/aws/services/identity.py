"""The demo's IAM: checks before moto, responses that extend moto's, and the consequences of a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from iam.demo.aws import aws_managed
from iam.demo.aws.checks import calls, identity_documents, quotas, trust_policies
from iam.demo.aws.server import After, Guard, Handler
from iam.demo.aws.services import trail
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World


def _check(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    """Run all checks that IAM makes before it carries out a call, in IAM's order."""
    for check in _BEFORE_READS if call.operation.startswith(("Get", "List")) else _BEFORE_WRITES:
        check(world, call)
    return None


_BEFORE_READS = (calls.fields, calls.present)
_BEFORE_WRITES = (
    calls.fields,
    calls.paths,
    calls.tags,
    calls.present,
    calls.protected,
    calls.names,
    quotas.quotas,
)


def _trust(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    trust_policies.trust_policies(world, call)
    return None


def _details(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    """Add what moto's policies lack: the name and ID in account details, and the number of uses as a boundary."""
    backend = world.iam
    if call.operation == "GetAccountAuthorizationDetails" and not call.get("Filter"):
        aws_managed.load_all(backend)
    used = Counter(role.permissions_boundary_arn for role in backend.roles.values())
    arn = call.get("PolicyArn")
    for policy in [backend.managed_policies[arn]] if arn else backend.managed_policies.values():
        extra = {
            "policy_name": policy.name,
            "policy_id": policy.id,
            "permissions_boundary_usage_count": used[policy.arn],
        }
        for name, value in extra.items():
            setattr(policy, name, value)
    return None


def _attach(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    """Ignore a policy that is attached already; moto would count it twice."""
    backend, arn = world.iam, call.get("PolicyArn")
    if call.operation == "AttachRolePolicy":
        held = backend.get_role(call.get("RoleName")).managed_policies
    elif call.operation == "AttachUserPolicy":
        held = backend.users[call.get("UserName")].managed_policies
    else:
        held = backend.groups[call.get("GroupName")].managed_policies
    return {} if arn in held else None


def _set_default_version(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    """Ignore a version that is the default already; moto would leave the policy without a default version."""
    policy = world.iam.managed_policies.get(call.get("PolicyArn"))
    return {} if policy is not None and policy.default_version_id == call.get("VersionId") else None


def _delete_policy(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    backend, arn = world.iam, call.get("PolicyArn")
    policy = backend.managed_policies[arn]
    bounded = any(role.permissions_boundary_arn == arn for role in backend.roles.values())
    if policy.attachment_count or bounded:
        raise AwsError("DeleteConflict", "Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise AwsError(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy.",
        )
    return None


def _update_role(world: World, call: DemoCall) -> Mapping[str, Any]:
    """Update a role. Fields that are missing in the call do not change; moto would clear them."""
    role = world.iam.get_role(call.get("RoleName"))
    if (description := call.get("Description")) is not None:
        role.description = description
    if (duration := call.get("MaxSessionDuration")) is not None:
        role.max_session_duration = duration
    return {}


def _update_trust(world: World, call: DemoCall) -> Mapping[str, Any]:
    """Update a trust policy without moto's check.

    That check rejects actions that IAM accepts (sts:SetContext, wildcards).
    """
    world.iam.get_role(call.get("RoleName")).assume_role_policy_document = call.get("PolicyDocument")
    return {}


def _delete_role(world: World, call: DemoCall) -> Mapping[str, Any]:
    """Delete a role as moto does, and replace it in trust policies with its unique ID."""
    backend = world.iam
    role = backend.get_role(call.get("RoleName"))
    backend.delete_role(role.name)
    trust_policies.orphan(backend, role.arn, role.id)
    return {}


def _delete_user(world: World, call: DemoCall) -> Mapping[str, Any]:
    backend = world.iam
    user = backend.users[call.get("UserName")]
    for held, word in (
        (backend.get_groups_for_user(user.name), "must remove users from group first"),
        (user.access_keys, "must delete access keys first"),
        (user.mfa_devices, "must delete MFA device first"),
        (user.password, "must delete login profile first"),
    ):
        if held:
            raise AwsError("DeleteConflict", f"Cannot delete entity, {word}.")
    backend.delete_user(user.name)
    trust_policies.orphan(backend, user.arn, user.id)
    return {}


_SERVICE_LINKED_NAMES = {
    "autoscaling.amazonaws.com": "AutoScaling",
    "ecs.amazonaws.com": "ECS",
    "elasticloadbalancing.amazonaws.com": "ElasticLoadBalancing",
    "rds.amazonaws.com": "RDS",
    "spot.amazonaws.com": "EC2Spot",
}


def _create_service_linked(world: World, call: DemoCall) -> Mapping[str, Any]:
    backend, service, suffix = world.iam, str(call.get("AWSServiceName")), call.get("CustomSuffix") or ""
    if not service.endswith(".amazonaws.com"):
        raise AwsError("InvalidInput", f"Service {service} is not valid.")
    name = f"AWSServiceRoleFor{_SERVICE_LINKED_NAMES.get(service, service.split('.')[0].capitalize())}"
    name += f"_{suffix}" if suffix else ""
    if any(role.name.lower() == name.lower() for role in backend.roles.values()):
        raise AwsError(
            "InvalidInput",
            f"Service role name {name} has been taken in this account, please try a different suffix.",
        )
    role = backend.create_service_linked_role(service, call.get("Description") or "", suffix)
    role.name = name
    return {
        "Role": {
            "Path": role.path,
            "RoleName": role.name,
            "RoleId": role.id,
            "Arn": role.arn,
            "CreateDate": role.create_date,
            "AssumeRolePolicyDocument": role.assume_role_policy_document,
            "Description": role.description,
            "MaxSessionDuration": 3600,
        }
    }


def _delete_service_linked(world: World, call: DemoCall) -> Mapping[str, Any]:
    """Start the task that deletes a service-linked role. It checks whether the service still needs the role."""
    backend = world.iam
    role = backend.get_role(call.get("RoleName"))
    if not role.path.startswith(calls.SERVICE_LINKED):
        raise AwsError("InvalidInput", f"Role {role.name} is not a service-linked role.")
    task = f"task{role.path}{role.name}/{len(world.deletion_tasks) + 1:08d}-7a4e-11f0-9d2e-0a1b2c3d4e5f"
    world.deletion_tasks[task] = role.name
    answer = {"DeletionTaskId": task}
    trail.record(world, call, {"deletionTaskId": task})
    return answer


def _deletion_status(world: World, call: DemoCall) -> Mapping[str, Any]:
    """Return the status of the deletion task.

    The account's services are in use: the task is in progress first; it then fails and lists the resources that use the
    role, or succeeds.
    """
    task = call.get("DeletionTaskId")
    name = world.deletion_tasks.get(task)
    if name is None:
        raise AwsError("NoSuchEntity", f"The deletion task id {task} is not valid.")
    asked = world.jobs.get(task)
    if asked is None:
        world.jobs[task] = "asked"
        return {"Status": "IN_PROGRESS"}
    if name == "AWSServiceRoleForECS":
        return {
            "Status": "FAILED",
            "Reason": {
                "Reason": "A cluster still uses the role.",
                "RoleUsageList": [
                    {"Region": "us-east-1", "Resources": ["arn:aws:ecs:us-east-1:111122223333:cluster/harbor"]}
                ],
            },
        }
    backend = world.iam
    role = next((held for held in backend.roles.values() if held.name == name), None)
    if role is not None:
        for policy in list(role.managed_policies.values()):
            policy.detach_from(role)
        del backend.roles[role.id]
    return {"Status": "SUCCEEDED"}


def _audiences(world: World, call: DemoCall) -> Mapping[str, Any]:
    """Change a provider's list of client IDs, for which moto has no call. Adding an ID twice changes nothing."""
    arn, client_id = str(call.get("OpenIDConnectProviderArn")), str(call.get("ClientID"))
    provider = world.iam.open_id_providers.get(arn)
    if provider is None:
        raise AwsError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", 404)
    if call.operation.startswith("Remove"):
        provider.client_id_list = [held for held in provider.client_id_list if held != client_id]
    elif client_id not in provider.client_id_list:
        if len(provider.client_id_list) >= 100:
            raise AwsError("LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")
        provider.client_id_list = [*provider.client_id_list, client_id]
    return {}


def _record(world: World, call: DemoCall) -> None:
    if not call.operation.startswith(("Get", "List", "Generate", "Simulate", "DeleteServiceLinkedRole")):
        trail.record(world, call)


_TRUST_POLICY_CALLS = ("CreateRole", "UpdateAssumeRolePolicy")
_ATTACHING = ("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")
_LISTING_POLICIES = ("GetAccountAuthorizationDetails", "GetPolicy", "ListPolicies")

GUARDS: Mapping[tuple[str, str], tuple[Guard, ...]] = {
    ("iam", "*"): (_check,),
    ("iam", "DeletePolicy"): (_delete_policy,),
    ("iam", "SetDefaultPolicyVersion"): (_set_default_version,),
    **{("iam", operation): (_trust,) for operation in _TRUST_POLICY_CALLS},
    **{("iam", operation): (identity_documents.identity_document,) for operation in identity_documents.OPERATIONS},
    **{("iam", operation): (_attach,) for operation in _ATTACHING},
    **{("iam", operation): (_details,) for operation in _LISTING_POLICIES},
}
HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("iam", "AddClientIDToOpenIDConnectProvider"): _audiences,
    ("iam", "CreateServiceLinkedRole"): _create_service_linked,
    ("iam", "DeleteRole"): _delete_role,
    ("iam", "DeleteServiceLinkedRole"): _delete_service_linked,
    ("iam", "DeleteUser"): _delete_user,
    ("iam", "ListServiceSpecificCredentials"): lambda world, call: {"ServiceSpecificCredentials": []},
    ("iam", "GetServiceLinkedRoleDeletionStatus"): _deletion_status,
    ("iam", "RemoveClientIDFromOpenIDConnectProvider"): _audiences,
    ("iam", "UpdateAssumeRolePolicy"): _update_trust,
    ("iam", "UpdateRole"): _update_role,
}
AFTER: Mapping[tuple[str, str], tuple[After, ...]] = {
    ("iam", "*"): (_record,),
    ("sts", "AssumeRole"): (_record,),
}
