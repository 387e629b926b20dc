"""What a Deny in a text's policy excepts, and what it protects."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import deny_document, diagnosed, refused_by_deny

BUCKET = "arn:aws:s3:::north-ledger"


def test_a_bucket_beside_its_objects_in_not_resource_is_what_to_add() -> None:
    accounts = {"StringNotEquals": {"aws:PrincipalAccount": "480117293655"}}
    document = deny_document("s3:*", Principal="*", NotResource=[f"{BUCKET}/public/*"], Condition=accounts)
    for resource, title in (
        (BUCKET, "Add the bucket to the NotResource of statement Guard"),
        (f"{BUCKET}/private/a", "Make a request that statement Guard does not deny"),
    ):
        answer = diagnosed(refused_by_deny(("s3:ListBucket", resource), "resource-based policy", document))
        assert answer.fixes[0].title == title


@pytest.mark.parametrize(
    ("action", "guard"),
    [
        ("iam:DeleteRolePermissionsBoundary", "the permissions boundary"),
        ("cloudtrail:StopLogging", "the trail"),
        ("guardduty:DeleteDetector", "GuardDuty"),
    ],
)
def test_a_statement_that_protects_a_guard_is_kept(action: str, guard: str) -> None:
    answer = diagnosed(refused_by_deny((action, "*"), "identity-based policy", deny_document(action, Resource="*")))
    assert answer.fixes[0].title == f"Keep statement Guard, which most likely protects {guard}"


@pytest.mark.parametrize(
    ("action", "how"), [("backup:DeleteRecoveryPoint", "put-backup-vault-access-policy"), ("ecr:BatchDeleteImage", "")]
)
def test_a_deny_of_a_resource_policy_is_taken_out_and_put_back(action: str, how: str) -> None:
    document = deny_document(action, Principal="*", Resource="*")
    answer = diagnosed(refused_by_deny((action, "*"), "resource-based policy", document))
    assert answer.fixes[0].title == f"Remove {action} from statement Guard, if this request should be allowed"
    assert how in answer.fixes[0].change.text  # type: ignore[union-attr]


def test_a_deny_of_an_identity_policy_is_not() -> None:
    document = deny_document("ecr:BatchDeleteImage", Resource="*")
    answer = diagnosed(refused_by_deny(("ecr:BatchDeleteImage", "*"), "identity-based policy", document))
    assert not any("restore the statement" in str(each.change) for each in answer.fixes)
