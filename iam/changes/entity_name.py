"""Find the entities that a plan's calls name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iam.arn import is_aws_managed

if TYPE_CHECKING:
    from iam.account import Role
    from iam.changes.plan import Call, Plan


class EntityKind(StrEnum):
    ROLE = "role"
    USER = "user"
    GROUP = "group"
    POLICY = "policy"
    INSTANCE_PROFILE = "instance profile"
    PROVIDER = "identity provider"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EntityName:
    """The kind and name of an entity. ``name`` is the ARN for policies, providers and entities outside IAM."""

    kind: EntityKind
    name: str


_NAMED = (
    (EntityKind.ROLE, "RoleName", ""),
    (EntityKind.USER, "UserName", ""),
    (EntityKind.GROUP, "GroupName", ""),
    (EntityKind.POLICY, "PolicyArn", "CreatePolicy"),
    (EntityKind.INSTANCE_PROFILE, "InstanceProfileName", ""),
    (EntityKind.PROVIDER, "OpenIDConnectProviderArn", "CreateOpenIDConnectProvider"),
)
"""The parameter with the entity's name, and the creating call, for each kind whose creating call has the name as its
target."""


def entities_of(plan: Plan) -> tuple[EntityName, ...]:
    """Return the entities that the plan's calls name, without duplicates.

    AWS managed policies are left out: no plan changes them.
    """
    return tuple(dict.fromkeys(one for call in plan.calls for one in _of_call(call)))


def _of_call(call: Call) -> Iterable[EntityName]:
    found = [
        EntityName(kind, name)
        for kind, parameter, creating in _NAMED
        if (name := call.target if creating == call.operation else call.text(parameter))
        and not (kind is EntityKind.POLICY and is_aws_managed(name))
    ]
    return found or [EntityName(EntityKind.OTHER, call.target)]


def role_entities(role: Role) -> frozenset[EntityName]:
    """Return the names of the role, its customer managed policies (attached or boundary), and its instance profiles."""
    arns = [each.arn for each in role.attached or ()]
    arns += [role.boundary_arn] if role.boundary_arn else []
    policies = (EntityName(EntityKind.POLICY, arn) for arn in arns if not is_aws_managed(arn))
    profiles = (EntityName(EntityKind.INSTANCE_PROFILE, name) for name in role.instance_profiles or ())
    return frozenset((EntityName(EntityKind.ROLE, role.name), *policies, *profiles))
