"""Check whether the roles that a plan creates or changes meet the requirements of the services that assume them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iam.account import Account, Role
from iam.arn import is_aws_managed
from iam.aws_managed_policies import find
from iam.gate.finding import GateFinding, about
from iam.gate.planned_change import PlannedChange
from iam.policy.document import Document
from iam.policy.risks.service_contracts import ContractBreach, RoleUnderContract, breaches


def contract_findings(change: PlannedChange) -> Iterator[GateFinding]:
    """Yield the requirements of services that the roles do not meet, except those that they did not meet before."""
    before = {role.name: role for role in change.before.roles}
    for role in change.roles:
        known = (
            {each.text for each in role_breaches(before[role.name], change.before)} if role.name in before else set()
        )
        found = [each for each in role_breaches(role, change.after) if each.text not in known]
        yield from about(role.name, (GateFinding(each.code, each.text, each.way_out, "trust") for each in found))


def role_breaches(role: Role, account: Account) -> tuple[ContractBreach, ...]:
    """Return the requirements of its services that a role does not meet.

    Empty if its trust policy was not read or is invalid.
    """
    if role.trust is None or role.trust.problems:
        return ()
    attached = tuple(each.arn for each in role.attached or ())
    return tuple(breaches(RoleUnderContract(role.name, role.trust, attached, _documents(role, account))))


def _documents(role: Role, account: Account) -> Sequence[Document] | None:
    """Return the documents of the role's policies, or None if one of them is unknown."""
    if role.inline is None or role.attached is None:
        return None
    found = [each.document for each in role.inline]
    for each in role.attached:
        policy = find(each.arn) if is_aws_managed(each.arn) else account.policy(each.arn)
        document = policy.document if policy is not None else None
        if document is None:
            return None
        found.append(document)
    return found
