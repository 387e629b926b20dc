"""boto3 reads back what the demo account is described to hold."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from iam.account import Role
from iam.demo.account.facts import ACCOUNT, EKS, GITHUB, NOW
from iam.demo.account.load import DEMO, moments
from iam.demo.aws.authorization.encoded import decode

_ACCOUNT = DEMO.contents.account


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
    assert {policy["PolicyName"] for policy in details["Policies"]} == {
        policy.name for policy in _ACCOUNT.policies or ()
    }


def _documents(policies: Any) -> dict[str, Any]:
    return {policy.name: policy.document.value for policy in policies or ()}


@pytest.mark.parametrize("seed", _ACCOUNT.roles, ids=lambda role: role.name)
def test_each_role_is_as_described(seed: Role, iam: Any, details: dict[str, Any]) -> None:
    detail = next(role for role in details["RoleDetailList"] if role["RoleName"] == seed.name)
    assert detail["Arn"] == seed.arn == f"arn:aws:iam::{ACCOUNT}:role{seed.path}{seed.name}"
    assert seed.trust and detail["AssumeRolePolicyDocument"] == seed.trust.value
    assert {one["PolicyArn"] for one in detail["AttachedManagedPolicies"]} == {one.arn for one in seed.attached or ()}
    assert {one["PolicyName"]: one["PolicyDocument"] for one in detail["RolePolicyList"]} == _documents(seed.inline)
    assert detail.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") == seed.boundary_arn
    assert {tag["Key"]: tag["Value"] for tag in detail.get("Tags", [])} == seed.tags
    assert detail["CreateDate"] == seed.created
    assert detail.get("RoleLastUsed", {}).get("LastUsedDate") == (seed.last_used and seed.last_used.when)
    role = iam.get_role(RoleName=seed.name)["Role"]
    assert role["MaxSessionDuration"] == (seed.max_session_seconds or 3600)
    assert role.get("Description") == seed.description
    assert ("SourceRoleTemplate" in role) == (seed.source_template is not None)
    assert role["RoleId"].startswith("AROA")


def test_policies_have_their_versions(details: dict[str, Any]) -> None:
    for seed in _ACCOUNT.policies or ():
        policy = next(one for one in details["Policies"] if one["PolicyName"] == seed.name)
        assert policy["Arn"] == seed.arn
        assert policy["PolicyId"].startswith("ANPA")
        assert policy["DefaultVersionId"] == seed.default_version_id
        versions = {one["VersionId"]: one for one in policy["PolicyVersionList"]}
        assert list(versions) == [f"v{number}" for number in range(1, len(seed.versions) + 1)]
        for version in seed.versions:
            held = versions[version.id]
            assert (held["Document"], held["CreateDate"]) == (version.document.value, version.created)
            assert held["IsDefaultVersion"] is version.is_default is (version.id == seed.default_version_id)


def test_app_assets_read_lost_listing_between_v3_and_v4() -> None:
    seed = next(policy for policy in _ACCOUNT.policies or () if policy.name == "app-assets-read")
    third, fourth = (seed.versions[number].document.text for number in (2, 3))
    assert len(seed.versions) == 5
    assert "s3:ListBucket" in third and "s3:ListBucket" not in fourth
    assert "Put" not in fourth


def test_boundaries_count_as_used(details: dict[str, Any]) -> None:
    use = {one["PolicyName"]: one["PermissionsBoundaryUsageCount"] for one in details["Policies"]}
    assert use["DeveloperBoundary"] == 3
    assert use["SandboxBoundary"] == 0


def test_users_groups_and_keys(iam: Any, details: dict[str, Any]) -> None:
    seeds = {key.user: key for key in DEMO.contents.access_keys or ()}
    for user in _ACCOUNT.users or ():
        detail = next(one for one in details["UserDetailList"] if one["UserName"] == user.name)
        assert detail["UserId"].startswith("AIDA")
        assert tuple(detail["GroupList"]) == user.groups
        documents = {one["PolicyName"]: one["PolicyDocument"] for one in detail.get("UserPolicyList", [])}
        assert documents == _documents(user.inline)
        assert {tag["Key"]: tag["Value"] for tag in detail.get("Tags", [])} == user.tags
        (key,) = iam.list_access_keys(UserName=user.name)["AccessKeyMetadata"]
        assert (key["AccessKeyId"], key["CreateDate"]) == (seeds[user.name].id, seeds[user.name].created)
    for group in _ACCOUNT.groups or ():
        detail = next(one for one in details["GroupDetailList"] if one["GroupName"] == group.name)
        assert {one["PolicyArn"] for one in detail["AttachedManagedPolicies"]} == {
            one.arn for one in group.attached or ()
        }
        documents = {one["PolicyName"]: one["PolicyDocument"] for one in detail["GroupPolicyList"]}
        assert documents == _documents(group.inline)
    assert seeds["ci-legacy"].created == NOW - timedelta(days=700)
    (device,) = iam.list_mfa_devices(UserName="ben")["MFADevices"]
    assert device["SerialNumber"] == f"arn:aws:iam::{ACCOUNT}:mfa/ben"


def test_instance_profiles_two_of_them_empty(iam: Any) -> None:
    found = {one["InstanceProfileName"]: one for one in iam.list_instance_profiles()["InstanceProfiles"]}
    assert {name: [role["RoleName"] for role in one["Roles"]] for name, one in found.items()} == {
        seed.name: list(seed.roles) for seed in _ACCOUNT.instance_profiles or ()
    }


def test_identity_providers(iam: Any) -> None:
    urls = []
    for entry in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        provider = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=entry["Arn"])
        urls.append(provider["Url"])
        assert provider["ClientIDList"] == ["sts.amazonaws.com"]
    assert sorted(urls) == sorted([EKS, GITHUB]) == sorted(provider.url for provider in _ACCOUNT.oidc_providers or ())
    (saml,) = iam.list_saml_providers()["SAMLProviderList"]
    assert saml["ValidUntil"] == NOW + timedelta(days=21)


def test_the_providers_that_trust_policies_name_exist(iam: Any) -> None:
    known = {entry["Arn"] for entry in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]}
    known |= {entry["Arn"] for entry in iam.list_saml_providers()["SAMLProviderList"]}
    for role in _ACCOUNT.roles:
        assert role.trust is not None
        for statement in role.trust.value["Statement"]:
            provider = statement["Principal"].get("Federated", "") if statement["Principal"] != "*" else ""
            assert ":" not in provider or provider in known


def test_account_alias_and_quotas(iam: Any) -> None:
    assert iam.list_account_aliases()["AccountAliases"] == ["harbor-prod"]
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Roles"], summary["RolesQuota"]) == (32, 1000)
    assert summary["AttachedPoliciesPerRoleQuota"] == 20


def test_resources_and_their_policies(demo_reader: Any) -> None:
    for arn, text in DEMO.policies_of("s3").items():
        policy = demo_reader.resource_policy(arn)
        assert not policy.unreadable
        assert (policy.value.text if policy.value else None) == text
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


def test_every_encoded_message_of_the_trail_can_be_decoded() -> None:
    messages = [event.error_message or "" for event in DEMO.events]
    encoded = [message.rpartition(": ")[2] for message in messages if "Encoded authorization failure" in message]
    assert encoded and all('"allowed":false' in decode(message) for message in encoded)


@pytest.mark.parametrize(
    ("age", "moment"),
    [
        ("1 day ago", NOW - timedelta(days=1)),
        ("6 days 4 minutes ago", NOW - timedelta(days=6, minutes=4)),
        ("in 21 days", NOW + timedelta(days=21)),
        ("in time", "in time"),
        ("two days ago", "two days ago"),
    ],
)
def test_times_of_the_data_are_ages(age: str, moment: object) -> None:
    assert moments({"CreateDate": [age]}) == {"CreateDate": [moment]}
