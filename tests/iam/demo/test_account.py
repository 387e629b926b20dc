"""boto3 reads back what the demo account is described to hold."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from iam.demo.account.facts import ACCOUNT, EKS, GITHUB, NOW
from iam.demo.account.people import GROUPS, OIDC_PROVIDERS, PROFILES, USERS
from iam.demo.account.policies import POLICIES
from iam.demo.account.resources import BUCKETS
from iam.demo.account.roles import ROLES


@pytest.fixture(scope="module")
def iam(_demo_template: Any) -> Any:
    from iam.demo.open import session

    return session(_demo_template.copy()).client("iam")


@pytest.fixture(scope="module")
def details(iam: Any) -> dict[str, Any]:
    return dict(iam.get_account_authorization_details(Filter=["User", "Role", "Group", "LocalManagedPolicy"]))


def test_the_account_has_the_size_it_is_described_with(details: dict[str, Any]) -> None:
    roles = details["RoleDetailList"]
    owned = [role for role in roles if role["Path"].startswith(("/aws-service-role/", "/aws-reserved/"))]
    assert (len(roles), len(owned)) == (32, 3)
    assert (len(details["UserDetailList"]), len(details["GroupDetailList"])) == (5, 3)
    assert {policy["PolicyName"] for policy in details["Policies"]} == {policy.name for policy in POLICIES}


@pytest.mark.parametrize("seed", ROLES, ids=lambda role: role.name)
def test_each_role_is_as_seeded(seed: Any, iam: Any, details: dict[str, Any]) -> None:
    detail = next(role for role in details["RoleDetailList"] if role["RoleName"] == seed.name)
    assert detail["Arn"] == f"arn:aws:iam::{ACCOUNT}:role{seed.path}{seed.name}"
    assert detail["AssumeRolePolicyDocument"] == seed.trust
    assert {one["PolicyArn"] for one in detail["AttachedManagedPolicies"]} == set(seed.attached)
    assert {one["PolicyName"]: one["PolicyDocument"] for one in detail["RolePolicyList"]} == dict(seed.inline)
    assert detail.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") == seed.boundary
    assert {tag["Key"]: tag["Value"] for tag in detail.get("Tags", [])} == dict(seed.tags)
    assert detail["CreateDate"] == seed.created
    assert detail.get("RoleLastUsed", {}).get("LastUsedDate") == seed.used
    role = iam.get_role(RoleName=seed.name)["Role"]
    assert role["MaxSessionDuration"] == seed.max_session
    assert role.get("Description", "") == seed.description
    assert ("SourceRoleTemplate" in role) == (seed.source_template is not None)
    assert role["RoleId"].startswith("AROA")


def test_policies_have_their_versions(details: dict[str, Any]) -> None:
    for seed in POLICIES:
        policy = next(one for one in details["Policies"] if one["PolicyName"] == seed.name)
        assert policy["PolicyId"].startswith("ANPA")
        assert policy["DefaultVersionId"] == f"v{seed.default}"
        versions = {one["VersionId"]: one for one in policy["PolicyVersionList"]}
        assert list(versions) == [f"v{number}" for number in range(1, len(seed.versions) + 1)]
        for number, version in enumerate(seed.versions, 1):
            held = versions[f"v{number}"]
            assert (held["Document"], held["CreateDate"]) == (version.document, version.created)
            assert held["IsDefaultVersion"] is (number == seed.default)


def test_app_assets_read_lost_listing_between_v3_and_v4() -> None:
    seed = next(policy for policy in POLICIES if policy.name == "app-assets-read")
    third, fourth = (json.dumps(seed.versions[number].document) for number in (2, 3))
    assert len(seed.versions) == 5
    assert "s3:ListBucket" in third and "s3:ListBucket" not in fourth
    assert "Put" not in fourth


def test_boundaries_count_as_used(details: dict[str, Any]) -> None:
    use = {one["PolicyName"]: one["PermissionsBoundaryUsageCount"] for one in details["Policies"]}
    assert use["DeveloperBoundary"] == 3
    assert use["SandboxBoundary"] == 0


def test_users_groups_and_keys(iam: Any, details: dict[str, Any]) -> None:
    for seed in USERS:
        detail = next(user for user in details["UserDetailList"] if user["UserName"] == seed.name)
        assert detail["UserId"].startswith("AIDA")
        assert tuple(detail["GroupList"]) == seed.groups
        assert {one["PolicyName"]: one["PolicyDocument"] for one in detail.get("UserPolicyList", [])} == seed.inline
        assert {tag["Key"]: tag["Value"] for tag in detail.get("Tags", [])} == dict(seed.tags)
        (key,) = iam.list_access_keys(UserName=seed.name)["AccessKeyMetadata"]
        assert (key["AccessKeyId"], key["CreateDate"]) == (seed.access_key, NOW - seed.key_age)
    for group in GROUPS:
        detail = next(one for one in details["GroupDetailList"] if one["GroupName"] == group.name)
        assert {one["PolicyArn"] for one in detail["AttachedManagedPolicies"]} == set(group.attached)
        assert {one["PolicyName"]: one["PolicyDocument"] for one in detail["GroupPolicyList"]} == dict(group.inline)
    assert next(seed.key_age for seed in USERS if seed.name == "ci-legacy") == timedelta(days=700)
    (device,) = iam.list_mfa_devices(UserName="ben")["MFADevices"]
    assert device["SerialNumber"] == f"arn:aws:iam::{ACCOUNT}:mfa/ben"


def test_instance_profiles_two_of_them_empty(iam: Any) -> None:
    found = {one["InstanceProfileName"]: one for one in iam.list_instance_profiles()["InstanceProfiles"]}
    assert {name: [role["RoleName"] for role in one["Roles"]] for name, one in found.items()} == {
        seed.name: [seed.role] if seed.role else [] for seed in PROFILES
    }


def test_identity_providers(iam: Any) -> None:
    urls = []
    for entry in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        provider = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=entry["Arn"])
        urls.append(provider["Url"])
        assert provider["ClientIDList"] == ["sts.amazonaws.com"]
    assert sorted(urls) == sorted([EKS, GITHUB]) == sorted(provider.url for provider in OIDC_PROVIDERS)
    (saml,) = iam.list_saml_providers()["SAMLProviderList"]
    assert saml["ValidUntil"] == NOW + timedelta(days=21)


def test_the_providers_that_trust_policies_name_exist(iam: Any) -> None:
    known = {entry["Arn"] for entry in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]}
    known |= {entry["Arn"] for entry in iam.list_saml_providers()["SAMLProviderList"]}
    for role in ROLES:
        for statement in role.trust["Statement"]:
            provider = statement["Principal"].get("Federated", "") if statement["Principal"] != "*" else ""
            assert ":" not in provider or provider in known


def test_account_alias_and_quotas(iam: Any) -> None:
    assert iam.list_account_aliases()["AccountAliases"] == ["harbor-prod"]
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Roles"], summary["RolesQuota"]) == (32, 1000)
    assert summary["AttachedPoliciesPerRoleQuota"] == 20


def test_resources_and_their_policies(demo_reader: Any) -> None:
    for bucket in BUCKETS:
        policy = demo_reader.resource_policy(f"arn:aws:s3:::{bucket.name}")
        assert not policy.unreadable
        assert (policy.value.value if policy.value else None) == bucket.policy
    key = demo_reader.resource_policy(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/K1")
    assert [statement.sid for statement in key.value.statements] == ["KeyAdmins"]
    assert demo_reader.resource_policy("arn:aws:s3:::vendor-drop").unreadable
    assert demo_reader.resource_policy(f"arn:aws:sqs:us-east-1:{ACCOUNT}:report-jobs").found
    assert demo_reader.resource_policy(f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders-events").absent
    secret = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:orders/db-Ab12Cd"
    assert demo_reader.resource_policy(secret).absent
    assert demo_reader.resource_policy(f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders-api").found
    assert demo_reader.resource_policy(f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders/index/by-customer").absent


def test_what_runs_with_the_roles(demo_reader: Any) -> None:
    def bound(path_and_name: str) -> list[tuple[str, str, str]]:
        reading = demo_reader.bindings(f"arn:aws:iam::{ACCOUNT}:role/{path_and_name}")
        assert not reading.note
        return [(one.service, one.name, one.use) for one in reading.value]

    assert [service for service, _, _ in bound("app/web-frontend-ec2")] == ["ec2"] * 3
    assert bound("app/orders-ecs-task") == [("ecs", "orders:14", "task role")]
    assert bound("app/orders-ecs-execution") == [("ecs", "orders:14", "execution role")]
    assert bound("app/orders-api-lambda") == [("lambda", "orders-api", "execution role")]
    assert bound("app/search-podid") == [("eks", "harbor: search/search-api", "pod identity")]
    assert bound("legacy/legacy-ftp-sync") == []
    profiles = [instance.instance_profile_arn for instance in demo_reader.instances().value]
    assert f"arn:aws:iam::{ACCOUNT}:instance-profile/report-worker" in profiles


def test_the_stack_owns_the_exporter_and_only_in_its_own_spelling(demo_reader: Any) -> None:
    owners = demo_reader.stack_resources("ReportExporter").value
    assert {(one.stack_name, one.physical_id) for one in owners} >= {("reporting-prod", "ReportExporter")}
    assert demo_reader.stack_resources("reportexporter").value == ()


def test_organization_levels(demo_reader: Any) -> None:
    organization = demo_reader.organization().value
    assert (organization.id, organization.management_account_id) == ("o-exampleorgid", "777788889999")
    names = [[policy.name for policy in level.policies] for level in organization.scps]
    assert names == [
        ["FullAWSAccess", "protect-security-tooling"],
        ["FullAWSAccess"],
        ["FullAWSAccess", "deny-leave-regions"],
        ["FullAWSAccess"],
    ]
    assert "only-our-org-s3" in [policy.name for policy in organization.rcps[0].policies]


def test_the_trail_tells_what_the_failures_need(demo_reader: Any) -> None:
    (rollback,) = demo_reader.events(event_name="SetDefaultPolicyVersion").value
    assert NOW - rollback.time == timedelta(days=6)
    (broker,) = [e for e in demo_reader.events(resource_name="contractor-scoped").value if e.name == "AssumeRole"]
    assert "lambda:GetFunction" in json.loads(broker.detail)["requestParameters"]["policy"]
    vendor = demo_reader.events(resource_name="vendor-cost-auditor").value[0]
    assert "externalId" not in json.loads(vendor.detail)["requestParameters"]
    acquired = demo_reader.events(event_name="AcquireRole").value
    assert [event.resources[0] for event in acquired] == ["lambda-basic-from-template"]
    (change,) = [e for e in demo_reader.events(resource_name="orders-ecs-task").value if e.name == "PutRolePolicy"]
    assert NOW - change.time == timedelta(seconds=20)
    saml = demo_reader.events(event_name="AssumeRoleWithSAML").value[0]
    assert "eu-west-1.signin" in json.loads(saml.detail)["requestParameters"]["audience"]


def test_events_come_in_pages(_demo_template: Any) -> None:
    from iam.demo.open import session

    client = session(_demo_template.copy()).client("cloudtrail")
    first = client.lookup_events(MaxResults=5)
    second = client.lookup_events(MaxResults=5, NextToken=first["NextToken"])
    times = [event["EventTime"] for event in first["Events"] + second["Events"]]
    assert len(times) == 10 and times == sorted(times, reverse=True)


def test_the_notebook_role_uses_six_services_of_hundreds(demo_reader: Any) -> None:
    services = demo_reader.last_accessed(f"arn:aws:iam::{ACCOUNT}:role/app/ds-notebook").value
    used = {service.namespace for service in services if service.last_authenticated}
    assert used == {"s3", "sagemaker", "logs", "ecr", "kms", "cloudwatch"}
    assert len(services) > 400
