"""Read the account's organization and its policies, level by level, as far as the caller may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.arn import name_of
from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.sources.aws.answers import NotAnAnswer
from iam.sources.aws.session import Aws, AwsPart, home_region
from iam.sources.json_evidence import ORGANIZATION_POLICY
from iam.sources.reader.reading import Reading

_TYPES = {"scps": "SERVICE_CONTROL_POLICY", "rcps": "RESOURCE_CONTROL_POLICY"}


class AwsOrganization(AwsPart):
    """Reads an organization and caches it, because it rarely changes and takes many calls to read."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws)
        self._organization: Reading[Organization] | None = None
        self._provisioned: dict[tuple[str, str], Reading[tuple[str, ...]]] = {}

    def forget(self) -> None:
        super().forget()
        with self._lock:
            self._organization = None
            self._provisioned.clear()

    def organization(self) -> Reading[Organization]:
        with self._lock:
            kept = self._organization
        if kept is not None:
            return kept
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        reading = read_organization(self.aws, caller.value.account)
        with self._lock:
            self._organization = reading
        return reading

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        client = self.aws.client("organizations", organizations_region(self.aws.region))
        return self.aws.read(
            "organizations:DescribePolicy",
            lambda: _policy(client, name_of(arn)),
            absent=("PolicyNotFoundException",),
        )

    def permission_set_accounts(self, name: str, region: str) -> Reading[tuple[str, ...]]:
        with self._lock:
            kept = self._provisioned.get((name, region))
        if kept is not None:
            return kept
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        account = caller.value.account
        reading = self.aws.read(
            "sso:ListAccountsForProvisionedPermissionSet",
            lambda: _accounts_of_set(self.aws, name, region, account),
            note=f"IAM Identity Center has provisioned no permission set {name} here.",
        )
        with self._lock:
            self._provisioned[name, region] = reading
        return reading


def read_organization(aws: Aws, account_id: str) -> Reading[Organization]:
    """Read the account's organization; absent if the account belongs to none.

    A member account may read which organization it belongs to, and rarely more: then the levels are None and ``note``
    says what was denied.
    """
    client = aws.client("organizations", organizations_region(aws.region))
    reading: Reading[Mapping[str, Any]] = aws.read(
        "organizations:DescribeOrganization",
        lambda: client.describe_organization()["Organization"],
        absent=("AWSOrganizationsNotInUseException",),
        note="The account is in no organization.",
    )
    if reading.value is None:
        return Reading(reading.call, why=reading.why, note=reading.note)
    found, notes = reading.value, []

    path = aws.read("organizations:ListParents", lambda: _path(aws, account_id))
    levels: dict[str, tuple[OrganizationLevel, ...] | None] = {"scps": None, "rcps": None}
    if path.value is None:
        notes.append(path.why)
    else:
        documents: dict[str, OrganizationPolicy] = {}
        for name, kind in _TYPES.items():
            one = aws.read(
                "organizations:ListPoliciesForTarget", _levels(aws, client, path.value, account_id, kind, documents)
            )
            levels[name] = one.value
            notes += [one.why] if one.why else []
    return Reading(
        reading.call,
        Organization(
            id=str(found["Id"]),
            management_account_id=found.get("MasterAccountId"),
            path=path.value,
            scps=levels["scps"],
            rcps=levels["rcps"],
        ),
        note=" ".join(dict.fromkeys(notes)),
    )


def _accounts_of_set(aws: Aws, name: str, region: str, account: str) -> tuple[str, ...] | None:
    """Return the accounts of a permission set, by its name; None if this account has no permission set of that name.

    https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountsForProvisionedPermissionSet.html
    """
    client = aws.client("sso-admin", region)
    for instance in aws.pages("sso-admin", "list_instances", "Instances", region=region):
        own = {"region": region, "InstanceArn": instance["InstanceArn"]}
        sets = "list_permission_sets_provisioned_to_account"
        for arn in aws.pages("sso-admin", sets, "PermissionSets", AccountId=account, **own):
            asked = {"InstanceArn": instance["InstanceArn"], "PermissionSetArn": arn}
            if client.describe_permission_set(**asked)["PermissionSet"]["Name"] == name:
                listed = "list_accounts_for_provisioned_permission_set"
                return tuple(sorted(aws.pages("sso-admin", listed, "AccountIds", PermissionSetArn=arn, **own)))
    return None


def organizations_region(region: str) -> str:
    """Return the Region of the partition's only Organizations endpoint.

    In China, it is not the Region of IAM's events.
    """
    return "cn-northwest-1" if region.startswith("cn-") else home_region(region)


_DEEPEST = 20
"""The maximum number of levels that are read, far more than Organizations allows (five levels of units)."""


def _path(aws: Aws, account_id: str) -> tuple[str, ...]:
    """Return the targets above the account, root first."""
    above: list[str] = []
    child = account_id
    while not child.startswith("r-"):
        home = organizations_region(aws.region)
        parents = aws.pages("organizations", "list_parents", "Parents", region=home, ChildId=child)
        parent = next(parents, None)
        if parent is None or parent["Id"] in above or len(above) >= _DEEPEST:
            raise NotAnAnswer(reason=f"{child} without a parent")
        child = str(parent["Id"])
        above.insert(0, child)
    return tuple(above)


def _levels(
    aws: Aws,
    client: Any,
    path: tuple[str, ...],
    account_id: str,
    kind: str,
    documents: dict[str, OrganizationPolicy],
) -> Any:
    def read() -> tuple[OrganizationLevel, ...]:
        found = []
        for target in (*path, account_id):
            policies = []
            for entry in aws.pages(
                "organizations",
                "list_policies_for_target",
                "Policies",
                region=organizations_region(aws.region),
                TargetId=target,
                Filter=kind,
            ):
                policy_id = str(entry["Id"])
                if policy_id not in documents:
                    documents[policy_id] = _policy(client, policy_id)
                policies.append(documents[policy_id])
            found.append(OrganizationLevel(target, tuple(policies)))
        return tuple(found)

    return read


def _policy(client: Any, policy_id: str) -> OrganizationPolicy:
    policy = client.describe_policy(PolicyId=policy_id)["Policy"]
    return ORGANIZATION_POLICY.read({**policy["PolicySummary"], "Document": policy["Content"]})
