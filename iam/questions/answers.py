"""The answers to questions about an account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iam.layers import LayerReading
from iam.policy.unknown_keys import Judged


class AccessVerdict(StrEnum):
    """The verdict for one principal.

    ``CONDITIONAL``: allowed if unknown condition keys have the right values. ``UNKNOWN``: the policies that were read
    do not allow it, but unread ones may. ``DENIED``: no values of any key make it allowed.
    """

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class PrincipalAnswer:
    """One principal's answer.

    ``kind`` is ``role``, ``user``, ``session``, ``federated-user``, ``account``, ``service``, ``provider``,
    ``canonical-user``, ``unique-id`` or ``everyone``; all but the first two come from a resource policy. ``resources``
    and ``action_set`` (see `Catalogue`) are those matching the question's patterns; if some are allowed
    unconditionally, ``resources_if`` are those allowed under conditions. ``statements`` are the Allow statements that
    grant and those of other layers that must also allow, with the conditions they depend on; ``unless`` are the Deny
    statements that may match. For ``DENIED``, ``statements`` are the Deny statements, and ``rule`` names the layer that
    denies. ``unread`` lists the layers of this principal that could not be read; ``own_side`` means that its own
    account must allow it too. ``account`` is its account, if several are queried.
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
    are the layers that were not read and would affect everyone; ``not_listed`` contains sentences about incomplete
    lists of the account.
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
        """Whether everything that affects the answer was read."""
        return (
            not self.unread and not self.not_listed and not any(one.unread for one in (*self.principals, *self.others))
        )
