"""Which policy a fix changes, and whose it is."""

from __future__ import annotations

from diagnostics.access_denied.request.caller import Caller
from diagnostics.fix import InlinePlace, PolicyPlace, place_called
from iam.policy.request import Holder, HolderKind, NamedPolicy


def place_of(policy: NamedPolicy, otherwise: str = "the policy") -> PolicyPlace:
    """Where the policy stands; ``otherwise`` is what it is called where it has neither ARN nor name."""
    if policy.arn is None and policy.holder is not None and policy.name is not None:
        return InlinePlace(policy.holder, policy.name)
    return place_called(policy.arn or policy.name or otherwise)


def whose(policy: NamedPolicy, caller: Caller) -> str:
    """`` of the group Operators``: said only where the policy is not the caller's own, but speaks for others too."""
    holder = policy.holder
    if holder is None or holder.arn == caller.entity_arn:
        return ""
    return f" of the {holder.kind} {holder.name}"


def own_holder(caller: Caller) -> Holder | None:
    """The caller's role or user, as holder of a new inline policy."""
    entity = caller.role or caller.user
    if entity is None:
        return None
    return Holder(HolderKind.ROLE if caller.role else HolderKind.USER, entity.name, entity.arn)
