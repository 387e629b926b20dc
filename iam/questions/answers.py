"""What a question over an account answers with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iam.layers import LayerReading
from iam.policy.unknown_keys import Judged


class AccessVerdict(StrEnum):
    """``CONDITIONAL``: while unknown condition keys have the right values.

    ``UNKNOWN``: what was read does not allow it, and what could not be read may. ``DENIED``: no values of any key make
    it allowed.
    """

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class PrincipalAnswer:
    """One principal's answer.

    ``kind`` is ``role``, ``user``, ``session``, ``federated-user``, ``account``, ``service``, ``provider``,
    ``canonical-user``, ``unique-id`` or ``everyone``; all but the first two are words of a resource policy.
    ``resources`` and ``action_set`` (see `Catalogue`) say which of those that a pattern represents; where some are
    allowed in any case, ``resources_if`` are those that are allowed under conditions. ``statements`` are the Allow
    statements that grant and those that must allow too, with the conditions they depend on; ``unless`` the Deny
    statements that may match. For ``DENIED``, ``statements`` are the Deny statements, and ``rule`` says which layer
    keeps it out. ``unread`` names the layers of this principal that could not be read; ``own_side`` that its own
    account must allow it too. ``account`` is its own, where several are asked.
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
    """Who may do something.

    ``read_as`` says how action and resource were understood. ``principals`` are the roles and users that may, or may
    under conditions, or are not known; ``others`` those that a resource policy or trust policy lets in besides;
    ``kept_out`` roles and users of whom an Allow statement names it in vain. ``unread`` are the layers that were not
    read and would matter to everyone, ``not_listed`` sentences on lists of the account that have gaps.
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
        """Whether everything that has a say was read."""
        return (
            not self.unread and not self.not_listed and not any(one.unread for one in (*self.principals, *self.others))
        )
