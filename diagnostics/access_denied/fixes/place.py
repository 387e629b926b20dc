"""The policy that a fix changes, and the entity or resource that has the policy."""

from __future__ import annotations

from diagnostics.access_denied.request.caller import Caller
from diagnostics.fix import InlinePlace, PolicyPlace, place_called
from iam.policy.request import Holder, HolderKind, NamedPolicy


def place_of(policy: NamedPolicy, otherwise: str = "the policy") -> PolicyPlace:
    """Return the place of the policy. ``otherwise`` describes the policy if it has neither an ARN nor a name."""
    if policy.arn is None and policy.holder is not None and policy.name is not None:
        return InlinePlace(policy.holder, policy.name)
    return place_called(policy.arn or policy.name or otherwise)


def whose(policy: NamedPolicy, caller: Caller) -> str:
    """Return a phrase for the policy's holder, such as `` of the group Operators``; "" if it is the caller's policy."""
    holder = policy.holder
    if holder is None or holder.arn == caller.entity_arn:
        return ""
    return f" of the {holder.kind} {holder.name}"


def own_holder(caller: Caller) -> Holder | None:
    """Return the caller's role or user as the holder of a new inline policy, or None if the caller is neither."""
    entity = caller.role or caller.user
    if entity is None:
        return None
    return Holder(HolderKind.ROLE if caller.role else HolderKind.USER, entity.name, entity.arn)
