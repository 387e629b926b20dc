"""Which policy a fix changes, and whose it is."""

from __future__ import annotations

from diagnostics.access_denied.request.caller import Caller
from diagnostics.diagnosis import InlinePlace
from iam.policy.request import Holder, HolderKind, NamedPolicy


def place_of(policy: NamedPolicy, otherwise: str = "the policy") -> str:
    """The policy's ARN; of an inline policy its holder's ARN and its name."""
    inline = inline_place(policy)
    return policy.arn or (inline.words if inline else policy.name or otherwise)


def inline_place(policy: NamedPolicy) -> InlinePlace | None:
    """Where an inline policy stands; None for others."""
    if policy.holder is None or policy.name is None:
        return None
    return InlinePlace(policy.holder, policy.name)


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
