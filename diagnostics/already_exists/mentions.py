"""Who names a role: the trust policies of others, resource policies, grants on keys. A new role of the same name would
not be the one that they mean, since IAM keeps a principal's unique ID there."""

from __future__ import annotations

from collections.abc import Mapping

from diagnostics.already_exists.commands import shown
from diagnostics.already_exists.describe import names_arn, not_seen
from diagnostics.diagnosis import Evidence
from iam.account import Account, Role
from iam.policy.document import Document
from iam.sources.reader import AccountReader

MOST_RESOURCES = 40
"""So many resources are asked for their policies one by one; more would keep the operator waiting."""


def mentions(
    role: Role, account: Account, reader: AccountReader, evidence: list[Evidence], thorough: bool
) -> tuple[str, ...]:
    """What names the role, in words; what could not be looked at goes into ``evidence``.

    ``thorough`` asks resource after resource for its policy where the source cannot tell all at once.
    """
    named = [
        f"the trust policy of role {other.name}"
        for other in account.roles
        if other.arn != role.arn and names_arn(other.trust, role.arn)
    ]
    policies = _resource_policies(reader, evidence, thorough)
    named += [f"the policy of {arn}" for arn, document in policies.items() if names_arn(document, role.arn)]
    for arn in policies:
        if arn.split(":")[2:3] == ["kms"]:
            grants = reader.key_grants(arn)
            named += [f"grant {grant.id} on {arn}" for grant in grants.value or () if grant.grantee == role.arn]
            if grants.unreadable:
                evidence.append(not_seen(grants))
    evidence += [Evidence(f"named in {shown(each, 200)}", layer="resource") for each in named]
    return tuple(named)


def _resource_policies(reader: AccountReader, evidence: list[Evidence], thorough: bool) -> Mapping[str, Document]:
    at_once = reader.resource_policies()
    known = dict(at_once.value or {})
    if not at_once.unreadable and not at_once.note:
        return known
    if not thorough:
        evidence.append(Evidence("resource policies were not asked one by one: it is in use, whoever names it"))
        return known
    resources = reader.resources()
    if resources.unreadable:
        evidence.append(not_seen(resources))
        return known
    listed = [arn for arn in resources.value or () if arn not in known]
    if len(listed) > MOST_RESOURCES:
        said = f"the policies of the account's {len(listed)} resources were not read: too many to ask one by one"
        evidence.append(Evidence(said, call=resources.call))
        return known
    policies = known
    refused = []
    for arn in listed:
        reading = reader.resource_policy(arn)
        if reading.value is not None:
            policies[arn] = reading.value
        elif reading.unreadable:
            refused.append(arn)
    evidence.append(Evidence(f"{len(policies)} resource policies read", call=resources.call))
    if refused:
        evidence.append(
            Evidence(f"could not look into the policies of {len(refused)} resources, as {shown(refused[0])}")
        )
    return policies
