"""A bucket of another account needs that account's bucket policy, as the first sentence says."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.resources.foreign_bucket import foreign_bucket

DENIED = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
CALLER = "caller: arn:aws:sts::518822006611:assumed-role/feed-reader/i-0aa11"
ROLE = "arn:aws:iam::518822006611:role/feed-reader"


def answer(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("words", "owner"),
    [
        ("vendor says bucket feed-eu is in 640011223344", "account 640011223344"),
        ("their bucket: feed-eu (they are 640011223344, not our org)", "account 640011223344"),
        ("the bucket is in the partner's account", "another account"),
    ],
)
def test_the_owner_must_allow_the_callers_role(words: str, owner: str) -> None:
    found = collect_offline(read_text(f"{words}\n{DENIED}\n{CALLER}")[0])
    assert found.verdict.summary.startswith(f"The bucket belongs to {owner}, and across accounts both sides must allow")
    assert f"it must allow {ROLE} s3:GetObject" in found.verdict.summary
    assert not found.first_look


def test_a_denial_with_a_reason_says_nothing_of_missing_objects_or_of_the_own_side() -> None:
    text = (
        "bucket owner 640011223344\nUser: arn:aws:sts::518822006611:assumed-role/feed-reader/i is not authorized to "
        'perform: s3:GetObject on resource: "arn:aws:s3:::feed/a" because no resource-based policy allows the '
        "s3:GetObject action"
    )
    found = collect_offline(read_text(text)[0])
    assert found.verdict.summary.startswith("The bucket belongs to account 640011223344")
    assert "own side allows" not in found.verdict.summary
    assert "does not exist" not in found.fixes[0].change.text


def test_the_own_side_is_said_to_be_shown() -> None:
    text = f"feed-reader has s3:GetObject on arn:aws:s3:::feed-eu/*\nthe bucket is in 640011223344\n{DENIED}\n{CALLER}"
    assert "The text shows that the caller's own side allows it" in answer(text)


@pytest.mark.parametrize(
    "text",
    [
        f"our bucket img (account 518822006611)\n{DENIED}\npartner 640011223344 reads the same bucket",
        f"from the vendor's bucket to our bucket\n{DENIED}\n{CALLER}",
        f"the bucket is not in 640011223344\n{DENIED}\n{CALLER}",
        f"the bucket is in 518822006611\n{DENIED}\n{CALLER}",
        f"the bucket is in 640011223344, its bucket policy allows {ROLE}\n{DENIED}\n{CALLER}",
        f"the bucket is in 640011223344\n{CALLER}\n{DENIED.replace('GetObject', 'PutItem')}",
    ],
)
def test_other_texts_name_no_foreign_bucket(text: str) -> None:
    (failure,) = read_text(text)
    assert not isinstance(failure, Denial) or foreign_bucket(failure) is None


TERRAFORM = (
    'Error refreshing state: Unable to access object "live/net.tfstate" in S3 bucket "corp-state": operation error S3: '
    "HeadObject, https response error StatusCode: 403, api error Forbidden: Forbidden\nrole ci-tf: s3:GetObject and "
    "s3:PutObject on arn:aws:s3:::corp-state/*, s3:ListBucket on arn:aws:s3:::corp-state\n"
)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("bucket is in acct 640011223344 (ours is 518822006611), encrypted with a CMK there", True),
        ("the bucket lives in 640011223344, mine is 518822006611", False),
    ],
)
def test_a_state_in_another_account_needs_that_accounts_policies(words: str, key: bool) -> None:
    summary = answer(f"{TERRAFORM}{words}\n")
    assert summary.startswith("The bucket belongs to account 640011223344")
    assert "arn:aws:iam::518822006611:role/ci-tf s3:GetObject" in summary
    assert ("For a KMS key, both sides must also allow kms:Decrypt" in summary) is key


def test_a_state_in_the_own_account_is_not_anothers() -> None:
    assert "belongs to account" not in answer(f"{TERRAFORM}the bucket is in ours, 518822006611, with a CMK\n")
