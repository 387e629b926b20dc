"""Find the policies that name a role: the trust policies of other roles, resource policies, grants for KMS keys.

A new role with the same name would not be the principal that they name, because IAM stores a principal's unique ID in
policies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from diagnostics.already_exists.words import counted, names_arn, refused, unread_evidence
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence
from iam.account import Role
from iam.arn import name_of, service_of
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined

MOST_RESOURCES = 40
"""The maximum number of resource policies to read one by one, so that the operator does not wait long."""


def mentions(
    role: Role, opened: OpenedAccount, evidence: list[Evidence], thorough: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return descriptions of what refers to the role, and of what was not searched.

    If the source cannot return all resource policies at once, they are read one by one, but only if ``thorough``.
    """
    named = [
        f"the trust policy of role {other.name}"
        for other in opened.account.roles
        if other.arn != role.arn and names_arn(other.trust, role.arn)
    ]
    policies, unseen = _resource_policies(opened.reader, evidence, thorough)
    named += [f"the policy of {arn}" for arn, document in policies.items() if names_arn(document, role.arn)]
    for arn in policies:
        if service_of(arn) == "kms":
            grants = opened.reader.key_grants(arn)
            named += [f"grant {grant.id} on {arn}" for grant in grants.value or () if grant.grantee == role.arn]
            if grants.unreadable:
                evidence.append(unread_evidence(grants))
                unseen.append(f"the grants of {name_of(arn)} ({refused(grants)})")
    evidence += [Evidence(f"named in {shown(each, 200)}", layer="resource") for each in named]
    return tuple(named), tuple(unseen)


def _resource_policies(
    reader: AccountReader, evidence: list[Evidence], thorough: bool
) -> tuple[dict[str, Document], list[str]]:
    at_once = reader.resource_policies()
    known = dict(at_once.value or {})
    if not at_once.unreadable and not at_once.note:
        return known, []
    if not thorough:
        evidence.append(Evidence("resource policies were not read one by one, because the role is in use anyway"))
        return known, []
    resources = reader.resources()
    if resources.unreadable:
        evidence.append(unread_evidence(resources))
        return known, [f"which resource policies name it ({refused(resources)})"]
    listed = [arn for arn in resources.value or () if arn not in known]
    asked, left = listed[:MOST_RESOURCES], listed[MOST_RESOURCES:]
    denied = []
    for arn in asked:
        reading = reader.resource_policy(arn)
        if reading.value is not None:
            known[arn] = reading.value
        elif reading.unreadable:
            denied.append(arn)
    evidence.append(Evidence(f"{len(known)} resource policies read", call=resources.call))
    unseen = []
    if resources.note:
        evidence.append(Evidence(f"could not list every resource: {shown(resources.note, 500)}", call=resources.call))
        unseen.append("resources that could not be listed")
    if denied:
        unseen.append(f"the policies of {_by_service(denied)} (denied)")
    if left:
        unseen.append(f"the policies of {_by_service(left)} (too many to read one by one)")
    evidence += [Evidence(f"could not look: {each}", call=resources.call) for each in unseen]
    return known, unseen


def _by_service(arns: Iterable[str]) -> str:
    """Return the number of resources by service: ``57 resources: 40 of s3 and 17 of sqs``."""
    services = Counter(service_of(arn) if arn.count(":") > 2 else "others" for arn in arns)
    listed = joined(f"{count} of {service}" for service, count in services.most_common())
    return f"{counted(services.total(), 'resource')}: {listed}"
