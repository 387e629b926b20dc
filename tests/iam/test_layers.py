"""Gathering the layers of a request: every policy that has a say, and a word for each one that is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.layers import Gathered, gather
from iam.policy.decision import Outcome
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.request import Request
from iam.sources.snapshot.reader import SnapshotReader, open_snapshot
from tests.support.accounts.layers import (
    ACCOUNT,
    AWS_MANAGED,
    BOUNDARY,
    BUCKET,
    MANAGED,
    ROLE,
    SESSION,
    USER,
    allow,
    base,
    level,
)


def collect(tmp_path: Path, value: dict[str, Any], request: Request, **options: Any) -> Gathered:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(value))
    reader: SnapshotReader = open_snapshot(path)
    return gather(request, list(reader.accounts())[-1], reader, **options)


def test_every_layer_of_a_role_session(tmp_path: Path) -> None:
    got = collect(tmp_path, base(), Request(SESSION, "s3:GetObject", f"{BUCKET}/k"))
    assert [one.name for one in got.policies.identity] == ["inline", "assets", "NewerThanAnyList"]
    assert got.policies.identity[1].arn == MANAGED
    assert got.policies.boundary is not None and got.policies.boundary[0].arn == BOUNDARY
    assert got.policies.resource is not None and got.policies.resource.name == "harbor"
    assert got.policies.scps is not None and [len(one) for one in got.policies.scps] == [1, 2]
    assert got.policies.unread == frozenset() and not got.principal_missing
    assert got.principal is not None and got.principal.name == "api"
    assert got.request.context["aws:PrincipalArn"] == (ROLE,)
    assert {reading.layer for reading in got.readings} >= {Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP, Layer.RCP}


def test_an_rcp_level_always_has_full_access(tmp_path: Path) -> None:
    got = collect(tmp_path, base(), Request(SESSION, "s3:GetObject", f"{BUCKET}/k"))
    assert got.policies.rcps is not None
    assert [[one.name for one in one_level] for one_level in got.policies.rcps] == [
        ["RCPFullAWSAccess", "only-us"],
        ["RCPFullAWSAccess"],
    ]
    assert evaluate(got.request, got.policies).outcome is Outcome.ALLOWED


def test_rcps_guard_only_the_services_that_take_them(tmp_path: Path) -> None:
    got = collect(tmp_path, base(), Request(USER, "ec2:StartInstances", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i"))
    assert got.policies.rcps is None and "rcp" not in got.policies.unread


def test_a_user_has_the_policies_of_its_groups(tmp_path: Path) -> None:
    got = collect(tmp_path, base(), Request(USER, "ec2:StartInstances"))
    assert [one.name for one in got.policies.identity] == ["own", "groups", "assets"]
    assert got.policies.boundary is None and "boundary" not in got.policies.unread


def test_a_trust_policy_is_the_resource_policy_of_assuming_and_of_nothing_else(tmp_path: Path) -> None:
    trust = collect(tmp_path, base(), Request("lambda.amazonaws.com", "sts:AssumeRole", ROLE)).policies.resource
    assert trust is not None and trust.name == "trust policy of api" and "lambda" in trust.document.text
    assert collect(tmp_path, base(), Request(USER, "iam:PassRole", ROLE)).policies.resource is None


def test_scps_spare_service_roles_services_and_the_management_account(tmp_path: Path) -> None:
    linked = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForX/s"
    for principal in (linked, "lambda.amazonaws.com", None):
        got = collect(tmp_path, base(), Request(principal, "s3:GetObject", f"{BUCKET}/k"))
        assert got.policies.scps is None and "scp" not in got.policies.unread
    value = base()
    value["Rolescope"]["Organization"]["ManagementAccountId"] = ACCOUNT
    got = collect(tmp_path, value, Request(SESSION, "s3:GetObject", f"{BUCKET}/k"))
    assert got.policies.scps is None and not got.policies.unread


def test_no_organization_is_not_the_same_as_one_that_cannot_be_read(tmp_path: Path) -> None:
    request = Request(SESSION, "s3:GetObject", f"{BUCKET}/k")
    value = base()
    value["Rolescope"]["Organization"] = None
    assert collect(tmp_path, value, request).policies.unread == frozenset()
    del value["Rolescope"]["Organization"]
    got = collect(tmp_path, value, request)
    assert got.policies.unread == {"scp", "rcp"} and got.policies.scps is None
    value = base()
    del value["Rolescope"]["Organization"]["ServiceControlPolicies"]
    got = collect(tmp_path, value, request)
    assert got.policies.unread == {"scp"} and got.policies.rcps is not None


def test_a_policy_type_that_is_not_enabled_denies_nothing(tmp_path: Path) -> None:
    value = base()
    value["Rolescope"]["Organization"]["ServiceControlPolicies"] = [level("r-1"), level(ACCOUNT)]
    got = collect(tmp_path, value, Request(SESSION, "s3:GetObject", f"{BUCKET}/k"))
    assert got.policies.scps is None and not got.policies.unread


@pytest.mark.parametrize(
    ("remove", "unread", "words"),
    [
        (("Policies", 0), {"identity"}, "assets"),
        (("Policies", 1), {"identity"}, AWS_MANAGED),
        (("Policies", 2), {"boundary"}, "limit"),
    ],
)
def test_a_document_that_is_missing_leaves_its_layer_unread(
    tmp_path: Path, remove: tuple[str, int], unread: set[str], words: str
) -> None:
    value = base()
    del value[remove[0]][remove[1]]
    value["IsTruncated"] = True
    got = collect(tmp_path, value, Request(SESSION, "s3:GetObject", f"{BUCKET}/k"))
    assert got.policies.unread == unread
    assert any(words in reading.why for reading in got.readings)


def test_a_broken_document_leaves_its_layer_unread(tmp_path: Path) -> None:
    value = base()
    value["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"] = "{not json"
    value["Rolescope"]["ResourcePolicies"][BUCKET] = {"Version": "2012-10-17", "Statement": "x"}
    got = collect(tmp_path, value, Request(SESSION, "s3:GetObject", f"{BUCKET}/k"))
    assert got.policies.unread == {"identity", "resource"}
    assert [one.name for one in got.policies.identity] == ["assets", "NewerThanAnyList"]
    evaluate(got.request, got.policies)  # and nothing raises for it later


def test_a_principal_that_does_not_exist_is_told_from_one_that_cannot_be_read(tmp_path: Path) -> None:
    gone = Request(f"arn:aws:sts::{ACCOUNT}:assumed-role/gone/s", "s3:GetObject", f"{BUCKET}/k")
    got = collect(tmp_path, base(), gone)
    assert got.principal is None and got.principal_missing and {"identity", "boundary"} <= got.policies.unread
    value = base() | {"IsTruncated": True}
    got = collect(tmp_path, value, gone)
    assert got.principal is None and not got.principal_missing
    # A session exists only under the role's own spelling.
    other_case = Request(f"arn:aws:sts::{ACCOUNT}:assumed-role/API/s", "s3:GetObject", f"{BUCKET}/k")
    assert collect(tmp_path, base(), other_case).principal_missing


def test_another_accounts_principal_and_resource_cannot_be_read(tmp_path: Path) -> None:
    stranger = Request("arn:aws:sts::999988887777:assumed-role/collector/s1", "sts:AssumeRole", ROLE)
    got = collect(tmp_path, base(), stranger)
    assert got.policies.unread == {"identity", "boundary", "scp"} and got.policies.resource is not None
    key = Request(SESSION, "kms:Decrypt", "arn:aws:kms:us-east-1:999988887777:key/k")
    got = collect(tmp_path, base(), key)
    assert got.policies.unread == {"resource", "rcp"}


def test_a_session_policy_and_an_endpoint_only_when_they_are_given(tmp_path: Path) -> None:
    request = Request(SESSION, "s3:GetObject", f"{BUCKET}/k")
    got = collect(tmp_path, base(), request)
    assert got.policies.session is None and got.policies.vpc_endpoint is None
    passed = Document.from_value(allow("s3:List*"))
    got = collect(tmp_path, base(), request, session_policy=passed, vpc_endpoint="vpce-1")
    assert got.policies.session is not None and got.policies.session[0].document == passed
    assert got.policies.vpc_endpoint is not None and got.policies.vpc_endpoint[0].name == "vpce-1"
    got = collect(tmp_path, base(), request, vpc_endpoint="vpce-9")
    assert got.policies.vpc_endpoint is None and got.policies.unread == {"vpcEndpoint"}


def test_details_that_were_not_read_are_not_none(tmp_path: Path) -> None:
    value = base()
    one = value["RoleDetailList"][0]
    del one["PermissionsBoundary"], one["RolePolicyList"]
    one["RolescopeUnread"] = ["RolePolicyList", "Tags"]
    got = collect(tmp_path, value, Request(SESSION, "s3:GetObject", f"{BUCKET}/k"))
    assert got.policies.unread == {"identity", "boundary"}
    assert [one.name for one in got.policies.identity] == ["assets", "NewerThanAnyList"]
