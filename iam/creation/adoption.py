"""Return texts with which infrastructure tools adopt an existing role without changing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from iam.account import Account, Role
from iam.changes.export.cloudformation import to_import
from iam.changes.export.pulumi import to_pulumi_import
from iam.changes.export.terraform import to_terraform
from iam.changes.plan import Plan, PlanError
from iam.creation import adoption_texts as texts
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.foreign_text import visible

AdoptionForm = Literal[
    "terraform",
    "cloudformation",
    "cdk",
    "sam",
    "pulumi",
    "eksctl",
    "serverless",
    "ansible",
    "crossplane",
    "ack",
]
FORMS: tuple[AdoptionForm, ...] = get_args(AdoptionForm)


_OWN_ADDRESS = (
    "# Save this in a .tf file of your configuration, and run terraform plan.\n"
    "# If the configuration already has a resource for this role: write its address after `to =`, and delete the\n"
    "# resource below. (The option --logical-id ADDRESS of the command writes that address.)\n\n"
)

_GIVEN_ADDRESS = (
    "# Save this in a .tf file of your configuration, and run terraform plan.\n"
    "# If the configuration declares {address} already, delete the resource of this address below, and keep yours.\n\n"
)


def adopted(role: Role, account: Account, form: AdoptionForm, logical: str = "") -> str:
    """Return the role with its inline policies, attachments and instance profiles, in the tool's own format.

    Managed policies are referenced by name and are not adopted. ``logical`` is the name that the role gets in the tool:
    an address in Terraform, a logical ID, the name of a resource, object or task, or ``NAMESPACE/NAME`` for eksctl; if
    it is empty, it is derived from the role's name. Raises `PlanError` for a role that cannot be adopted.
    """
    plan = _plan(role, account)
    spec = spec_of_role(role)
    match form:
        case "terraform":
            text = to_terraform(plan, adopt=True, role_address=logical)
            return (_GIVEN_ADDRESS.format(address=visible(logical)) if logical else _OWN_ADDRESS) + text
        case "cloudformation":
            return to_import(plan, role_id=logical)
        case "pulumi":
            return to_pulumi_import(plan, role_name=logical)
        case "cdk":
            return texts.to_cdk(spec, logical)
        case "sam":
            return texts.to_sam(spec, logical)
        case "eksctl":
            return texts.to_eksctl(spec, role.arn, logical)
        case "serverless":
            return texts.to_serverless(spec, role.arn)
        case "ansible":
            return texts.to_ansible(spec, logical)
        case "crossplane":
            return texts.to_crossplane(spec, logical)
    return texts.to_ack(spec, logical)


def _plan(role: Role, account: Account) -> Plan:
    """Return the plan that would create the role as it is."""
    if role.service_owned:
        raise PlanError(f"{role.name} belongs to an AWS service, so no tool can adopt it.")
    if role.trust is None or not role.has_details or None in (role.tags, role.instance_profiles):
        raise PlanError(f"{role.name} could not be read completely, so rolescope does not know what to adopt.")
    if role.instance_profiles and account.instance_profiles is None:
        raise PlanError(f"The instance profiles of {role.name} could not be read, so their paths are unknown.")
    without = replace(account, instance_profiles=())
    spec = spec_of_role(role)
    plan = create_role(replace(spec, instance_profile=None), without)
    profiles = [replace(spec, instance_profile=name) for name in role.instance_profiles or ()]
    calls = [call for each in profiles for call in create_role(each, without).calls[-2:]]
    paths = {each.name: each.path for each in account.instance_profiles or ()}
    calls = [
        replace(call, parameters={**call.parameters, "Path": paths.get(call.text("InstanceProfileName"), role.path)})
        if call.operation == "CreateInstanceProfile"
        else call
        for call in calls
    ]
    sentence = f"Adopts the role {role.name} without changing it."
    return replace(plan, title=f"adopt role {role.name}", sentence=sentence, calls=(*plan.calls, *calls))


def spec_of_role(role: Role) -> RoleSpec:
    """Return the spec of an existing role, which must have been read completely."""
    assert role.trust is not None
    return RoleSpec(
        role.name,
        role.trust,
        role.path,
        role.description or "",
        {key: value for key, value in (role.tags or {}).items() if not key.lower().startswith("aws:")},
        role.max_session_seconds or 3600,
        role.boundary_arn,
        role.inline or (),
        tuple(each.arn for each in role.attached or ()),
    )
