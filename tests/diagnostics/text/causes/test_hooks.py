"""A hook of CloudFormation that stops an operation: its name, its message and the resource are read."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CREATE_FAILED  Raw  AWS::S3::Bucket  The following hook(s) failed: [Acme::Guard::Encryption]\nHook "
         "Acme::Guard::Encryption HOOK_COMPLETE_FAILED Hook failed with message: Bucket must use aws:kms",
         "The CloudFormation hook Acme::Guard::Encryption stopped the operation, which says: “Bucket must use "
         "aws:kms”. Change the resource Raw (AWS::S3::Bucket)"),
        ("CDKToolkit | 1/12 | CREATE_FAILED | AWS::ECR::Repository | ContainerAssetsRepository The following hook(s) "
         "failed: [AWS::ControlTower::Hook] : Hook failed with message: ValidationError [CT.ECR.PR.2]: Require "
         "scanning",
         "ContainerAssetsRepository (AWS::ECR::Repository)"),
        ("The following hook(s) failed: [AWS::ControlTower::Hook] : Hook failed with message: ValidationError\n"
         "        [CT.ECR.PR.2]: Require image scanning\n        [FIX]: Set 'ScanOnPush' to 'true'.",
         "says: “ValidationError [CT.ECR.PR.2]: Require image scanning [FIX]: Set 'ScanOnPush' to 'true'”"),
        ("Change set creation failed. The following hook(s) failed: [Example::CFNHook::Full]",
         "as the hook's message in the stack's events asks"),
    ],
)  # fmt: skip
def test_the_hook_and_what_it_asks_are_named(text: str, said: str) -> None:
    assert said in causes_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "The pre-commit hook failed with exit code 1",
        "error: hook(s) skipped: husky - commit-msg hook exited with code 1",
    ],
)
def test_hooks_of_other_programs_are_left_alone(text: str) -> None:
    assert "CloudFormation hook" not in causes_in(text)
