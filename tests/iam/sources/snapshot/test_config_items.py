"""Items of AWS Config opened as a saved account, in each form in which people have them."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import quote

import pytest

from iam.account import Account
from iam.sources.source_error import SourceError
from tests.support.accounts.snapshot_files import account_of

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
ENCODED = quote(json.dumps(DOCUMENT))
POLICY = "arn:aws:iam::111122223333:policy/read"
CONTENT: dict[str, Any] = {
    "path": "/app/",
    "roleName": "orders",
    "roleId": "AROAEXAMPLE",
    "arn": "arn:aws:iam::111122223333:role/app/orders",
    "createDate": "2026-01-02T03:04:05.000Z",
    "assumeRolePolicyDocument": ENCODED,
    "instanceProfileList": [
        {"instanceProfileName": "orders", "arn": "arn:aws:iam::111122223333:instance-profile/orders"}
    ],
    "rolePolicyList": [{"policyName": "inline", "policyDocument": ENCODED}],
    "attachedManagedPolicies": [{"policyName": "read", "policyArn": POLICY}],
    "permissionsBoundary": {"permissionsBoundaryType": "Policy", "permissionsBoundaryArn": POLICY},
    "tags": [{"key": "team", "value": "web"}],
    "roleLastUsed": None,
}


def item(content: Any = CONTENT, kind: str = "Role", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": f"AWS::IAM::{kind}",
        "resourceId": "AROAEXAMPLE",
        "resourceName": "orders",
        "awsAccountId": "111122223333",
        "arn": "arn:aws:iam::111122223333:role/app/orders",
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-11-01T00:00:00.000Z",
        "configuration": content,
        **more,
    }


OTHERS = [
    item(
        {"userName": "ann", "arn": "arn:aws:iam::111122223333:user/ann", "path": "/", "userPolicyList": [],
         "groupList": ["staff"], "attachedManagedPolicies": [], "permissionsBoundary": None},
        "User", resourceId="AIDAEXAMPLE", resourceName="ann",
    ),
    item(
        {"groupName": "staff", "arn": "arn:aws:iam::111122223333:group/staff", "path": "/", "groupPolicyList": [],
         "attachedManagedPolicies": [{"policyName": "read", "policyArn": POLICY}]},
        "Group", resourceId="AGPAEXAMPLE", resourceName="staff",
    ),
    item(
        {"policyName": "read", "arn": POLICY, "path": "/", "defaultVersionId": "v2", "attachmentCount": 1,
         "policyVersionList": [{"document": ENCODED, "versionId": "v2", "isDefaultVersion": True}]},
        "Policy", resourceId="ANPAEXAMPLE", resourceName="read",
    ),
    {"resourceType": "AWS::EC2::Volume", "resourceId": "vol-1", "configuration": {"path": "/"}},
]  # fmt: skip

FORMS: dict[str, Any] = {
    "a configuration snapshot": {
        "fileVersion": "1.0",
        "configSnapshotId": "x",
        "configurationItems": [item(), *OTHERS],
    },
    "a history": {"configurationItems": [item(json.dumps(CONTENT), accountId="111122223333"), *OTHERS]},
    "a batch": {"baseConfigurationItems": [item(json.dumps(CONTENT)), *OTHERS]},
    "a query": {"Results": [json.dumps(each) for each in (item(), *OTHERS)], "QueryInfo": {"SelectFields": []}},
    "a list": [item(), *OTHERS],
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_the_same_account(form: str, tmp_path: Any) -> None:
    account = account_of(tmp_path, FORMS[form])
    role = account.role("orders")
    assert role is not None and role.path == "/app/" and role.trust is not None
    assert role.trust.value == DOCUMENT and role.trust_statements
    assert role.inline is not None and [each.name for each in role.inline] == ["inline"]
    assert role.attached is not None and role.attached[0].arn == POLICY
    assert role.boundary_arn == POLICY and role.tags == {"team": "web"} and role.instance_profiles == ("orders",)
    assert role.last_used is None
    assert account.id == "111122223333"
    assert [each.name for each in account.users or ()] == ["ann"]
    assert [each.name for each in account.groups or ()] == ["staff"]
    policy = account.policy(POLICY)
    assert policy is not None and policy.document is not None and policy.document.value == DOCUMENT


def test_what_the_items_lack_is_unknown_and_never_none(tmp_path: Any) -> None:
    account = account_of(tmp_path, [item()])
    assert account.users is None and account.groups is None and account.policies is None
    assert account.incomplete >= {"roles", "users", "groups", "policies"}
    assert account.in_organization is None


@pytest.mark.parametrize("lacking", ["rolePolicyList", "attachedManagedPolicies", "permissionsBoundary"])
def test_a_query_of_some_fields_leaves_the_others_unread(lacking: str, tmp_path: Any) -> None:
    content = {key: value for key, value in CONTENT.items() if key != lacking}
    role = account_of(tmp_path, {"Results": [json.dumps(item(content))]}).role("orders")
    assert role is not None and not role.has_details
    without = {key: value for key, value in CONTENT.items() if key != "assumeRolePolicyDocument"}
    role = account_of(tmp_path, {"Results": [json.dumps(item(without))]}).role("orders")
    assert role is not None and role.trust is None


@pytest.mark.parametrize("kind", ["User", "Group"])
def test_a_user_or_group_of_which_a_query_selected_little_is_unread(kind: str, tmp_path: Any) -> None:
    name = f"{kind.lower()}Name"
    content = {name: "x", "arn": f"arn:aws:iam::111122223333:{kind.lower()}/x"}
    account = account_of(tmp_path, [item(content, kind, resourceName="x")])
    found = account.user("x") or account.group("x")
    assert found is not None and found.inline is None and found.attached is None


def test_the_newest_item_counts_and_a_deleted_entity_is_absent(tmp_path: Any) -> None:
    older = item({**CONTENT, "path": "/old/"}, configurationItemCaptureTime="2026-10-01T00:00:00.000Z")
    role = account_of(tmp_path, [item(), older]).role("orders")
    assert role is not None and role.path == "/app/"
    gone = item(
        None, configurationItemStatus="ResourceDeleted", configurationItemCaptureTime="2026-11-02T00:00:00.000Z"
    )
    assert account_of(tmp_path, [item(), gone]).role("orders") is None


def test_a_packed_snapshot_opens(tmp_path: Any) -> None:
    raw = gzip.compress(json.dumps({"configurationItems": [item()]}).encode())
    account: Account = account_of(tmp_path, raw)
    assert account.role("orders") is not None
    with pytest.raises(SourceError, match="is cut off"):
        account_of(tmp_path, raw[:-20])


def test_items_of_several_accounts_are_refused(tmp_path: Any) -> None:
    with pytest.raises(SourceError, match="2 accounts"):
        account_of(tmp_path, [item(), item(awsAccountId="222233334444", resourceId="AROAOTHER")])


@pytest.mark.parametrize("value", [[], {"Results": []}, {"configurationItems": [{"a": 1}]}, {"Results": ["not json"]}])
def test_what_has_no_items_is_no_saved_account(value: Any, tmp_path: Any) -> None:
    with pytest.raises(SourceError, match="not a saved account"):
        account_of(tmp_path, value)
