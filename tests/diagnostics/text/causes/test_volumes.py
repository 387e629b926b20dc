"""An Auto Scaling group whose volumes have another account's key needs a grant, said first."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

LAUNCH = (
    "asg web-blue: Launching a new EC2 instance: i-0c1d9a77be0f6d201. Termination Reason: Client.InternalError: Client "
    "error on launch\n"
)
KEY = "arn:aws:kms:us-east-2:808125533946:key/9d2f1a70-4c3e-4e5b-8f06-2f1e7b30ad11"


@pytest.mark.parametrize("words", ["asg account: 436677012958", "the Auto Scaling group is in 436677012958"])
def test_the_key_of_another_account_needs_a_grant(words: str) -> None:
    found = collect_offline(read_text(f"{LAUNCH}KmsKeyId={KEY}\n{words}")[0])
    assert "is in account 808125533946, and the Auto Scaling group in account 436677012958" in found.verdict.summary
    assert f"create-grant --key-id {KEY}" in found.first_look[0].cause


def test_without_a_group_whoever_launches_needs_the_key() -> None:
    text = f"Client.InternalError: Client error on launch\nKmsKeyId={KEY}\nwe are in account 436677012958"
    found = collect_offline(read_text(text)[0])
    assert "whoever launches, of account 436677012958" in found.verdict.summary


@pytest.mark.parametrize("words", ["asg account: 808125533946", "", "the other cluster is in 436677012958"])
def test_one_account_needs_no_grant_of_another(words: str) -> None:
    found = collect_offline(read_text(f"{LAUNCH}KmsKeyId={KEY}\n{words}")[0])
    assert "needs a grant on it" not in found.verdict.summary
