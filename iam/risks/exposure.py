"""The severity of an entry, from who can use it and what its role may do. This is the only table of severities.

An entry is a way in which someone who is not a role or user of the account can get a role's permissions.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from iam.account import Role
from iam.policy.compiled import compiled
from iam.policy.document import PolicyError
from iam.policy.request import NamedPolicy
from iam.questions.catalogue import catalogue
from iam.risks.administrator import is_administrator
from iam.risks.judged_account import JudgedAccount, statements
from iam.risks.risk import Exposure, Severity


class Reach(StrEnum):
    """What a role may do in effect, in words."""

    FULL = "has full access, or a path to it"
    CHANGES = "may change something"
    READS = "may read something"
    NOTHING = "may do nothing"


_C, _H, _M, _L, _I = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
SEVERITIES: Mapping[Exposure, tuple[Severity, Severity, Severity, Severity]] = {
    Exposure.ANYBODY: (_C, _C, _H, _M),
    Exposure.UNKNOWN: (_C, _H, _M, _L),
    Exposure.UNKNOWN_ASKED: (_H, _M, _L, _I),
    Exposure.VENDOR: (_C, _H, _M, _L),
    Exposure.VENDOR_ASKED: (_M, _L, _L, _I),
    # The role's name is not a proof: somebody must check once whose account it is (`iam.facts.generated_roles`).
    Exposure.MANAGER: (_M, _L, _I, _I),
    Exposure.OURS: (_L, _I, _I, _I),
    Exposure.TOKENS_OF_ANYBODY: (_C, _C, _H, _M),
    Exposure.TOKENS_OF_OWNER: (_H, _H, _M, _L),
    Exposure.TOKENS_OF_CLUSTER: (_H, _H, _M, _L),
    Exposure.TOKENS_OF_NAMESPACE: (_M, _M, _L, _L),
    Exposure.TOKENS_OF_ONE: (_M, _L, _I, _I),
    # A role can only be passed within its own account:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    Exposure.SERVICE: (_L, _I, _I, _I),
}
"""The severities by who can use the entry, in the order of `Reach`."""


def severity_of(exposure: Exposure, reach: Reach) -> Severity:
    return SEVERITIES[exposure][list(Reach).index(reach)]


def reach_of(judged: JudgedAccount, role: Role) -> Reach:
    """Return what a role may do, as far as its policies and its boundary list actions.

    Unread policies may change the result. Paths to full access are not followed: `trust.outside-admin` reports them.
    """
    principal = judged.principal(role.arn)
    if principal is None:
        return Reach.CHANGES
    if is_administrator(judged, principal) is not None:
        return Reach.FULL
    if principal.unread:
        return Reach.CHANGES
    if any(map(_denies_all, principal.identity)):
        return Reach.NOTHING
    named = _named(principal.identity)
    if principal.boundary is not None:
        named &= _named(principal.boundary)
    known = catalogue()
    if not named:
        return Reach.NOTHING
    return Reach.READS if not named & ~(known.level("Read") | known.level("List")) else Reach.CHANGES


def _denies_all(policy: NamedPolicy) -> bool:
    return any(
        one.deny
        and not one.conditions
        and one.action.patterns == ("*",)
        and not one.action.negated
        and one.resource is not None
        and one.resource.everything
        for one in statements(policy)
    )


def _named(policies: tuple[NamedPolicy, ...]) -> int:
    """Return the set of actions in the Allow statements."""
    known, named = catalogue(), 0
    for policy in policies:
        try:
            for one in compiled(policy.document).statements:
                named |= 0 if one.deny else known.named(one.action.patterns, one.action.negated)
        except PolicyError:
            continue
    return named
