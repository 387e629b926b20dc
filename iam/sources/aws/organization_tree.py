"""Read the entire organization, as its management account or a delegated administrator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from iam.organization.tree import Guardrail, Member, OrganizationTree, Unit
from iam.policy.document import Document
from iam.sources.aws.organization import organizations_region
from iam.sources.aws.session import Aws
from iam.sources.reader.reading import Reading

_TYPES = {"scps": "SERVICE_CONTROL_POLICY", "rcps": "RESOURCE_CONTROL_POLICY"}
MOST_UNITS = 5_000
"""The maximum number of units that are read; Organizations allows 2,000 ("Quotas for AWS Organizations")."""


def read_tree(aws: Aws) -> tuple[Reading[OrganizationTree], tuple[str, ...]]:
    """Read the tree of the organization. May block.

    Returns it with a sentence for each part that could not be read.
    """
    client = aws.client("organizations", organizations_region(aws.region))
    about: Reading[Any] = aws.read(
        "organizations:DescribeOrganization",
        lambda: client.describe_organization()["Organization"],
        absent=("AWSOrganizationsNotInUseException",),
        note="The account is in no organization.",
    )
    if about.value is None:
        return Reading(about.call, why=about.why, note=about.note), ()
    found, problems = about.value, []
    places = aws.read("organizations:ListAccountsForParent", lambda: _places(aws))
    root, units, members = places.value if places.value is not None else ("", (), None)
    problems += [places.why] if places.why else []
    guardrails: dict[str, tuple[Guardrail, ...] | None] = {}
    for name, kind in _TYPES.items():
        reading = aws.read("organizations:ListPolicies", partial(_guardrails, aws, client, kind))
        guardrails[name] = reading.value
        problems += [reading.why] if reading.why else []
    tree = OrganizationTree(
        str(found["Id"]),
        found.get("MasterAccountId"),
        datetime.now(UTC),
        root,
        units,
        members,
        guardrails["scps"],
        guardrails["rcps"],
    )
    return Reading(about.call, tree), tuple(dict.fromkeys(problems))


def _places(aws: Aws) -> tuple[str, tuple[Unit, ...], tuple[Member, ...]]:
    root = str(next(_pages(aws, "list_roots", "Roots"))["Id"])
    units: list[Unit] = []
    members: list[Member] = []
    waiting = [root]
    while waiting and len(units) < MOST_UNITS:
        parent = waiting.pop(0)
        for each in _pages(aws, "list_accounts_for_parent", "Accounts", ParentId=parent):
            status = str(each.get("Status") or each.get("State") or "ACTIVE")
            members.append(Member(str(each["Id"]), str(each.get("Name") or ""), parent, status))
        for each in _pages(aws, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent):
            units.append(Unit(str(each["Id"]), str(each.get("Name") or ""), parent))
            waiting.append(str(each["Id"]))
    return root, tuple(units), tuple(sorted(members, key=lambda one: one.id))


def _guardrails(aws: Aws, client: Any, kind: str) -> tuple[Guardrail, ...]:
    """Return the policies of a type with their targets; empty if the type is not enabled and nothing is attached."""
    found = []
    for summary in _pages(aws, "list_policies", "Policies", Filter=kind):
        id = str(summary["Id"])
        targets = tuple(
            str(each["TargetId"]) for each in _pages(aws, "list_targets_for_policy", "Targets", PolicyId=id)
        )
        if targets:
            content = client.describe_policy(PolicyId=id)["Policy"]["Content"]
            found.append(Guardrail(str(summary["Arn"]), str(summary["Name"]), Document(content), targets))
    return tuple(found)


def _pages(aws: Aws, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    return aws.pages("organizations", operation, key, region=organizations_region(aws.region), **parameters)
