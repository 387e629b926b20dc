"""The answers to questions about an account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iam.layers import LayerReading
from iam.policy.unknown_keys import Judged


class AccessVerdict(StrEnum):
    """Whether one principal may perform the action.

    ``CONDITIONAL``: allowed if unknown condition keys have the right values. ``UNKNOWN``: the policies that were read
    do not allow it, but unread ones may. ``DENIED``: it is denied whatever the values of the keys.
    """

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class PrincipalAnswer:
    """The answer for one principal.

    ``kind`` is ``role``, ``user``, ``session``, ``federated-user``, ``account``, ``service``, ``provider``,
    ``canonical-user``, ``unique-id`` or ``everyone``; principals of all kinds but the first two come from a resource
    policy. If the question contains patterns, ``resources`` and ``action_set`` (a bit mask, see `Catalogue`) are the
    matching resources and actions. If some of the resources are allowed unconditionally, ``resources_if`` are those
    that are allowed only under conditions.

    ``statements`` are the Allow statements that grant access, and the Allow statements of other layers that must also
    allow it, with the conditions that they depend on; ``unless`` are the Deny statements that may match. For
    ``DENIED``, ``statements`` are the Deny statements, and ``rule`` names the layer that denies. ``unread`` lists the
    layers of this principal that could not be read; ``own_side``: the principal's own account must also allow the
    action. ``account`` is the principal's account, if several are queried.
    """

    arn: str
    name: str
    kind: str
    verdict: AccessVerdict
    resources: tuple[str, ...] = ()
    resources_if: tuple[str, ...] = ()
    action_set: int = 0
    statements: tuple[Judged, ...] = ()
    unless: tuple[Judged, ...] = ()
    rule: str = ""
    unread: tuple[LayerReading, ...] = ()
    service_owned: bool = False
    own_side: bool = False
    account: str | None = None

    @property
    def granted(self) -> bool:
        return self.verdict in (AccessVerdict.ALLOWED, AccessVerdict.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class WhoCan:
    """The principals that may perform an action.

    ``read_as`` says how action and resource were interpreted. ``principals`` are the roles and users that are allowed,
    allowed under conditions, or unknown. ``others`` are further principals that a resource policy or trust policy
    allows. ``kept_out`` are roles and users that are denied although an Allow statement names the action. ``unread``
    are unread layers that would affect everyone; ``not_listed`` contains sentences about lists of the account that are
    incomplete.
    """

    action: str
    resource: str
    read_as: str
    principals: tuple[PrincipalAnswer, ...]
    others: tuple[PrincipalAnswer, ...]
    kept_out: tuple[PrincipalAnswer, ...]
    unread: tuple[LayerReading, ...]
    not_listed: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything was read that could affect the answer."""
        return (
            not self.unread and not self.not_listed and not any(one.unread for one in (*self.principals, *self.others))
        )
